import type { Tensor4D, TensorFlow } from "../base/tensors.ts";
import { seenThrough } from "./masked.ts";
import type { MethodScope, NamedMethod } from "./method.ts";
import type { MethodSettings } from "./settings.ts";
import { eachPixel, layWindows, type Window } from "./windows.ts";

/** What AUCMEDI writes into its windows, whatever the model's pixels are scaled to: the middle of 0 to 255. */
const grey = 127.5;

/** Into how many windows beside each other the longer side goes where none is asked for. */
const windowsAcross = 7;

/** The windows that are hidden. */
function windowsOf({ picture, settings }: Pick<MethodScope, "picture" | "settings">): Window[] {
  const [, height, width] = picture;
  const { window = Math.ceil(Math.max(height, width) / windowsAcross) } = settings;
  const { stride = Math.ceil(window / 2) } = settings;
  return layWindows({ height, width, side: window, stride: Math.min(stride, window) });
}

/** Masks that hide one window each, `[windows.length, H, W, 1]`. */
function hide(tf: TensorFlow, windows: readonly Window[], [, height, width]: Tensor4D["shape"]): Tensor4D {
  const seen = new Float32Array(windows.length * height * width).fill(1);
  windows.forEach((window, at) => {
    eachPixel(window, width, (pixel) => seen[at * height * width + pixel] = 0);
  });
  return tf.tensor4d(seen, [windows.length, height, width, 1]);
}

/** For each pixel the mean of what was found for the windows that hid it. */
function spread(windows: readonly Window[], found: Float32Array, [, height, width]: Tensor4D["shape"]) {
  const [sums, counts] = [new Float64Array(height * width), new Uint32Array(height * width)];
  windows.forEach((window, at) => {
    eachPixel(window, width, (pixel) => {
      sums[pixel]! += found[at]!;
      counts[pixel]!++;
    });
  });
  return Float32Array.from(sums, (sum, pixel) => sum / counts[pixel]!);
}

/** What a window is filled with. */
async function fillOf(
  { variant, baseline = "mean" }: MethodSettings,
  { tf, x, baselineOf }: {
    tf: TensorFlow;
    x: Tensor4D;
    baselineOf: (kind: typeof baseline) => Promise<Tensor4D>;
  },
): Promise<Tensor4D> {
  return variant === "aucmedi" ? tf.fill([...x.shape], grey) : (await baselineOf(baseline)).clone();
}

/**
 * Occlusion: at each pixel the mean of y(x) − y(x without a window) over the windows that cover the pixel.
 *
 * A window of `window` × `window` pixels moves by `stride` from the top left until all is covered; at the right and the lower
 * edge it is cut off. Where nothing is said the window is a seventh of the longer side of the model's input (32 of 224), and
 * moves by half its side; it never moves by more than its side, since then pixels would be left out. What it hides is shown as
 * the `baseline`, the photo's mean colour if nothing is said, where the paper has grey.
 *
 * Zeiler & Fergus, "Visualizing and Understanding Convolutional Networks", ECCV 2014, https://arxiv.org/abs/1311.2901
 *
 * captum's `Occlusion` computes the same, with zeros for a baseline. tf-explain gives 1 − y on the windows' grid, without
 * overlaps. AUCMEDI gives 1 − y of windows of 4 that do not overlap, in which it writes 127.5 whatever the model takes:
 * `variant: "aucmedi"` with `window: 4` and `stride: 4`.
 *
 * Besides the model's own run it holds a batch of photos and of masks, together some megabytes.
 */
export const occlusionMethod: NamedMethod<"occlusion"> = {
  name: "occlusion",
  title: "Occlusion",
  description: "Occlusion: how far the score falls when a window is hidden",
  at: "picture",
  relu: false,
  settings: { window: undefined, stride: undefined, baseline: "mean", variant: "paper" },
  cost: (scope) => ({ pictureRuns: windowsOf(scope).length }),
  async map({ tf, picture, settings, value, baseline }) {
    const x = await picture.activation();
    const windows = windowsOf({ picture: x.shape, settings });
    const hidden = await fillOf(settings, { tf, x, baselineOf: baseline });
    try {
      const values = await picture.values(
        windows.length,
        (from, to) =>
          tf.tidy(() => seenThrough(tf, { x, hidden }, hide(tf, windows.slice(from, to), x.shape))),
      );
      const whole = settings.variant === "aucmedi" ? 1 : await value();
      const [, height, width] = x.shape;
      return {
        map: tf.tensor2d(spread(windows, values.map((one) => whole - one), x.shape), [height, width]),
      };
    } finally {
      hidden.dispose();
    }
  },
};
