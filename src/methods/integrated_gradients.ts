import type { Tensor, Tensor3D, Tensor4D } from "../base/tensors.ts";
import { completenessError, completenessWarnings } from "./completeness.ts";
import type { NamedMethod } from "./method.ts";
import type { Probe } from "./probe.ts";
import { signedLargest } from "./saliency.ts";
import type { MethodSettings } from "./settings.ts";

const defaults = { steps: 50, baseline: "black", variant: "paper" } as const satisfies MethodSettings;

/** A place on the path, from 0 at the baseline to 1 at the photo, and how much its gradient counts. */
type PathPoint = readonly [share: number, weight: number];

/** The places where the integral is sampled. */
function pathOf({ steps = defaults.steps, variant }: MethodSettings): PathPoint[] {
  if (variant !== "aucmedi") {
    return Array.from({ length: steps }, (_, step) => [(step + 0.5) / steps, 1 / steps]);
  }
  return Array.from({ length: steps + 1 }, (_, step) => {
    const isEnd = step === 0 || step === steps;
    return [step / steps, (isEnd ? 0.5 : 1) / steps];
  });
}

/** The gradient's mean over the path, `[1, H, W, C]`; it becomes the caller's. */
async function meanGradient(probe: Probe, baseline: Tensor4D): Promise<Tensor4D> {
  const { tf, picture } = probe;
  const x = await picture.activation();
  let sum: Tensor4D = tf.zerosLike(x);
  try {
    for (const [share, weight] of pathOf(probe.settings)) {
      await probe.pause();
      const between = tf.tidy(() => baseline.add<Tensor4D>(x.sub(baseline).mul(share)));
      const { gradient } = await picture.gradientAt(between).finally(() => between.dispose());
      const next = tf.tidy(() => sum.add<Tensor4D>(gradient.mul(weight)));
      tf.dispose([sum, gradient]);
      sum = next;
    }
    return sum.clone();
  } finally {
    sum.dispose();
  }
}

/**
 * Integrated gradients: M_c = (x_c − b_c) · ∫ ∂y/∂x_c dα along the straight way b + α·(x − b) from a baseline b to the photo x, for
 * each channel c; the raw map is their sum, with its sign.
 *
 * The integral is the mean at the middles of `steps` equal parts, α = (i − ½) / steps (captum's riemann_middle; its default is
 * Gauss and Legendre's rule, that of the paper the right ends). What the map has to come to is checked: `completenessError` is
 * |ΣM − (y(x) − y(b))| / |y(x) − y(b)|, and a warning says where it is over 5 %.
 *
 * Sundararajan, Taly, Yan, "Axiomatic Attribution for Deep Networks", ICML 2017, https://arxiv.org/abs/1703.01365
 *
 * captum gives the same channel by channel; its baseline is 0 after preprocessing, here it is a colour of the photo. AUCMEDI has
 * that baseline too, takes the trapezium rule at steps + 1 places, and the largest of the channels instead of their sum;
 * `variant: "aucmedi"` does all three.
 */
export const integratedGradientsMethod: NamedMethod<"integratedgradients"> = {
  name: "integratedgradients",
  title: "Integrated gradients",
  description: "Integrated gradients: what each pixel adds on the way from a baseline to the photo",
  at: "picture",
  relu: false,
  settings: defaults,
  cost: ({ settings }) => ({ pictureGradients: pathOf(settings).length, pictureRuns: 1 }),
  async map(probe) {
    const { tf, picture, settings: { steps = defaults.steps, baseline: kind = defaults.baseline, variant } } =
      probe;
    const isAucmedi = variant === "aucmedi";
    const x = await picture.activation();
    const given = await probe.baseline(kind); // stays the probe's
    const baseline = isAucmedi ? tf.zerosLike(x) : given.clone();
    const made: Tensor[] = [baseline];
    try {
      const gradient = await meanGradient(probe, baseline);
      const parts = tf.tidy(() => x.sub(baseline).mul<Tensor4D>(gradient)); // [1, H, W, C]
      const total = parts.sum();
      made.push(gradient, parts, total);
      const [from] = await picture.values(1, () => baseline.clone());
      const [sum] = await total.data();
      const error = completenessError(sum!, await probe.value() - from!);
      const warnings = completenessWarnings(
        error,
        `Integrated gradients with ${steps} steps miss the difference of the scores`,
      );
      const map = tf.tidy(() => isAucmedi ? signedLargest(parts) : parts.squeeze<Tensor3D>([0]));
      return { map, details: { completenessError: error }, warnings };
    } finally {
      tf.dispose(made);
    }
  },
};
