import type { Tensor4D, TensorFlow } from "../base/tensors.ts";
import type { MethodCost } from "./method.ts";
import type { Place } from "./probe.ts";

/** How far is stepped, as a part of the direction: a power of two, so that the steps themselves round little. */
const step = 2 ** -7;

/** Where gradients are taken, in steps, and how much its difference to the one in the middle counts for the first and the second derivative. */
const stencil: readonly { readonly at: number; readonly first: number; readonly second: number }[] = [
  { at: -2, first: 1 / 12, second: -1 / 12 },
  { at: -1, first: -8 / 12, second: 16 / 12 },
  { at: 1, first: 8 / 12, second: 16 / 12 },
  { at: 2, first: -1 / 12, second: -1 / 12 },
];

/**
 * What it costs: rectifiers are noted in a run, and gradients taken in the middle and beside it.
 *
 * @param layerGradients How many gradients are taken besides.
 */
export function costAlong(layerGradients: number): MethodCost {
  return { layerRuns: 1, layerGradients: layerGradients + 1 + stencil.length };
}

/** How a gradient changes along a direction; the caller disposes both. */
export interface GradientChange {
  /** d g(A + t·v) / dt at t = 0, `[1, h, w, k]`: the Hessian times v. */
  readonly first: Tensor4D;
  /** d² g(A + t·v) / dt² there. */
  readonly second: Tensor4D;
}

/**
 * How the gradient at a place changes along a direction, as differences of fourth order of gradients on both sides.
 *
 * Rectifiers that follow pass what they pass for the activation itself, as automatic differentiation takes them to, though
 * some would switch within the steps. Largest values in pools may switch.
 *
 * @param place Where.
 * @param direction `[1, h, w, k]`, about as large as the activation is; it stays the caller's.
 * @returns At most six tensors of the activation's size are held at once.
 */
export async function gradientsAlong(
  tf: TensorFlow,
  place: Place,
  direction: Tensor4D,
): Promise<GradientChange> {
  const activation = await place.activation();
  // Taken anew: what is near to it is rounded alike only if it was computed in the same way.
  const { gradient: middle } = await place.gradientAt(activation, { rule: "same" });
  let change: GradientChange = { first: tf.zerosLike(middle), second: tf.zerosLike(middle) };
  try {
    for (const { at, first, second } of stencil) {
      const moved = tf.tidy(() => activation.add<Tensor4D>(direction.mul(at * step)));
      const before = change;
      try {
        const { gradient } = await place.gradientAt(moved, { rule: "same" });
        // Differences to the middle, so that a gradient that is the same everywhere leaves nothing but zeros.
        change = tf.tidy(() => {
          const difference = gradient.sub<Tensor4D>(middle);
          return {
            first: before.first.add<Tensor4D>(difference.mul(first / step)),
            second: before.second.add<Tensor4D>(difference.mul(second / step ** 2)),
          };
        });
        gradient.dispose();
      } finally {
        tf.dispose([moved, before.first, before.second]);
      }
    }
    return change;
  } finally {
    middle.dispose();
  }
}
