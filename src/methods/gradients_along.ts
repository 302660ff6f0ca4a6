import type { Tensor4D, TensorFlow } from "../base/tensors.ts";
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

/** How many gradients it takes, besides that of the activation itself. */
export const gradientsAlongCount: number = stencil.length;

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
 * Where rectifiers follow, some switch within the steps: automatic differentiation takes them to stay as they are, so that
 * it differs by what those pass.
 *
 * @param place Where.
 * @param direction `[1, h, w, k]`, as large as the activation is; it stays the caller's.
 * @returns At most five tensors of the activation's size are held at once.
 */
export async function gradientsAlong(
  tf: TensorFlow,
  place: Place,
  direction: Tensor4D,
): Promise<GradientChange> {
  const [activation, gradient] = [await place.activation(), await place.gradient()];
  let change: GradientChange = { first: tf.zerosLike(gradient), second: tf.zerosLike(gradient) };
  for (const { at, first, second } of stencil) {
    const moved = tf.tidy(() => activation.add<Tensor4D>(direction.mul(at * step)));
    const before = change;
    try {
      const { gradient: there } = await place.gradientAt(moved);
      // Differences to the gradient itself, so that one that is the same everywhere leaves nothing but zeros.
      change = tf.tidy(() => {
        const difference = there.sub<Tensor4D>(gradient);
        return {
          first: before.first.add<Tensor4D>(difference.mul(first / step)),
          second: before.second.add<Tensor4D>(difference.mul(second / step ** 2)),
        };
      });
      there.dispose();
    } finally {
      tf.dispose([moved, before.first, before.second]);
    }
  }
  return change;
}
