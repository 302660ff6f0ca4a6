import type { Tensor4D, TensorFlow } from "../base/tensors.ts";
import { seenThrough } from "./masked.ts";
import type { NamedMethod } from "./method.ts";
import type { MethodSettings } from "./settings.ts";
import type { Segmentation } from "./superpixels.ts";
import { runName } from "./run_name.ts";

/** The width of the kernel that weighs samples by how much of the photo they show. */
const kernelWidth = 0.25;

/** How much large coefficients are held against the regression. */
const alpha = 1;

/** What is kept of a coefficient. */
const parts: Readonly<Record<NonNullable<MethodSettings["part"]>, (coefficient: number) => number>> = {
  both: (coefficient) => coefficient,
  pro: (coefficient) => Math.max(coefficient, 0),
  con: (coefficient) => Math.max(-coefficient, 0),
};

/** Each piece in its own mean colour, `[1, H, W, C]`. */
function meanColours(
  tf: TensorFlow,
  data: ArrayLike<number>,
  { labels, count }: Segmentation,
  shape: Tensor4D["shape"],
): Tensor4D {
  const channels = shape[3];
  const [sums, counts] = [new Float64Array(count * channels), new Uint32Array(count)];
  labels.forEach((label, pixel) => {
    counts[label]!++;
    for (let at = 0; at < channels; at++) sums[label * channels + at]! += data[pixel * channels + at]!;
  });
  const colours = new Float32Array(data.length);
  for (let at = 0; at < colours.length; at++) {
    const label = labels[Math.floor(at / channels)]!;
    colours[at] = sums[label * channels + at % channels]! / counts[label]!;
  }
  return tf.tensor4d(colours, [...shape]);
}

/** Which pieces each sample shows, row by row: all of them the first, each of them with even chances the others. */
function drawSamples(samples: number, count: number, random: () => number): Uint8Array {
  return Uint8Array.from({ length: samples * count }, (_, at) => at < count || random() < 0.5 ? 1 : 0);
}

/** How much each sample counts: the more, the more pieces it shows. */
function weighSamples(shown: Uint8Array, samples: number): Float64Array {
  const count = shown.length / samples;
  return Float64Array.from({ length: samples }, (_, at) => {
    const seen = shown.subarray(at * count, (at + 1) * count).reduce((sum, one) => sum + one, 0);
    const distance = 1 - Math.sqrt(seen / count); // of the cosine to all of them
    return Math.sqrt(Math.exp(-((distance / kernelWidth) ** 2)));
  });
}

/**
 * LIME: at each pixel its superpixel's coefficient βⱼ in a linear model of the target's value near the photo,
 * min Σᵢ πᵢ·(y(xᵢ) − b − zᵢ·β)² + |β|².
 *
 * The photo is divided into superpixels by SLIC, of the colours as the model sees them. A sample zᵢ shows each of them with
 * even chances; the first shows all. What is hidden has its superpixel's mean colour, or the `baseline`. A sample counts
 * πᵢ = √exp(−d² / 0.25²) with the cosine distance d between zᵢ and the whole. The map is signed; of `part: "pro"` it has what
 * speaks for the target, of `"con"` the magnitude of what speaks against it.
 *
 * Ribeiro et al., "“Why Should I Trust You?”: Explaining the Predictions of Any Classifier", KDD 2016,
 * https://arxiv.org/abs/1602.04938
 *
 * The authors' package finds superpixels by quickshift; regression and weights are the same. AUCMEDI's LIME pro and LIME con
 * show which are the five strongest positive or negative superpixels, without their coefficients, and hide by zeros.
 *
 * Besides the model's own run it holds a batch of photos and of masks, some megabytes, a byte for each sample and superpixel,
 * and a double for each two superpixels.
 */
export const limeMethod: NamedMethod<"lime"> = {
  name: "lime",
  title: "LIME",
  description: "LIME: superpixels weighted by a linear model of the score when some are hidden",
  at: "picture",
  relu: false,
  settings: { samples: 1000, segments: 50, seed: 0, part: "both", baseline: undefined },
  cost: ({ settings: { samples = 1000 } }) => ({ pictureRuns: samples }),
  async map({ tf, picture, settings, random, baseline, pause }) {
    const [{ findSuperpixels }, { ridge }] = await Promise.all([
      import("./superpixels.ts"),
      import("./ridge.ts"),
    ]);
    const { samples = 1000, segments = 50, part = "both" } = settings;
    const x = await picture.activation();
    const [, height, width, channels] = x.shape;
    const data = await x.data();
    const segmentation = await findSuperpixels({ data, height, width, channels }, { segments, pause });
    const { labels, count } = segmentation;
    const shown = drawSamples(samples, count, random("samples"));
    const hidden = settings.baseline
      ? (await baseline(settings.baseline)).clone()
      : meanColours(tf, data, segmentation, x.shape);
    try {
      const targets = await picture.values(samples, (from, to) => {
        const seen = new Float32Array((to - from) * labels.length);
        for (let at = 0; at < seen.length; at++) {
          const [sample, pixel] = [from + Math.floor(at / labels.length), at % labels.length];
          seen[at] = shown[sample * count + labels[pixel]!]!;
        }
        return tf.tidy(() =>
          seenThrough(tf, { x, hidden }, tf.tensor4d(seen, [to - from, height, width, 1]))
        );
      }, { name: runName("lime", settings) });
      const weights = weighSamples(shown, samples);
      const coefficients = await ridge({ features: shown, targets, weights }, { alpha, pause });
      const map = Float32Array.from(labels, (label) => parts[part](coefficients[label]!));
      return { map: tf.tensor2d(map, [height, width]) };
    } finally {
      hidden.dispose();
    }
  },
};
