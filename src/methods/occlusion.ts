import type { Tensor4D, TensorFlow } from "../base/tensors.ts";
import { seenThrough } from "./masked.ts";
import type { MethodScope, NamedMethod } from "./method.ts";
import type { Probe } from "./probe.ts";
import { eachPixel, layWindows, type Windows } from "./windows.ts";
import { runName } from "./run_name.ts";

/** What AUCMEDI writes into its windows, whatever the model's pixels are scaled to: the middle of 0 to 255. */
const grey = 127.5;

/** Into how many windows beside each other the longer side goes where none is asked for. */
const windowsAcross = 7;

/** What the user should know of a stride that would leave pixels out. */
function strideWarning({ window, stride }: { window: number; stride: number }): string {
  return `A stride of ${stride} would leave pixels out between windows of ${window}: they are moved by ${window}`;
}

/** The windows that are hidden. */
function windowsOf({ picture, settings }: Pick<MethodScope, "picture" | "settings">): Windows {
  const [, height, width] = picture;
  const { window = Math.ceil(Math.max(height, width) / windowsAcross) } = settings;
  const { stride = Math.ceil(window / 2) } = settings;
  return layWindows({ height, width, side: window, stride: Math.min(stride, window) });
}

/** Masks that hide one window each, `[to − from, H, W, 1]`; owned by the caller's tidy. */
function hide(
  tf: TensorFlow,
  windows: Windows,
  { from, to, shape: [, height, width] }: { from: number; to: number; shape: Tensor4D["shape"] },
): Tensor4D {
  const seen = new Float32Array((to - from) * height * width).fill(1);
  for (let at = from; at < to; at++) {
    const start = (at - from) * height * width;
    eachPixel(windows.at(at), width, (pixel) => seen[start + pixel] = 0);
  }
  return tf.tensor4d(seen, [to - from, height, width, 1]);
}

/** For each pixel the mean of what was found for the windows that hid it. */
function spread(windows: Windows, found: Float32Array, width: number, pixels: number): Float32Array {
  const [sums, counts] = [new Float64Array(pixels), new Uint32Array(pixels)];
  found.forEach((value, at) => {
    eachPixel(windows.at(at), width, (pixel) => {
      sums[pixel]! += value;
      counts[pixel]!++;
    });
  });
  return Float32Array.from(sums, (sum, pixel) => sum / counts[pixel]!);
}

/** What windows are filled with, `[1, H, W, C]`; the caller disposes it. */
async function fillOf({ tf, settings, baseline }: Probe, x: Tensor4D): Promise<Tensor4D> {
  if (settings.variant === "aucmedi") return tf.fill([...x.shape], grey);
  return (await baseline(settings.baseline ?? "mean")).clone();
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
  cost: (scope) => ({ pictureRuns: windowsOf(scope).count }),
  async map(probe) {
    const { tf, picture, settings } = probe;
    const x = await picture.activation();
    const { shape, shape: [, height, width] } = x;
    const windows = windowsOf({ picture: shape, settings });
    const hidden = await fillOf(probe, x);
    try {
      const values = await picture.values(
        windows.count,
        (from, to) => tf.tidy(() => seenThrough(tf, { x, hidden }, hide(tf, windows, { from, to, shape }))),
        { name: runName("occlusion", settings) },
      );
      const whole = settings.variant === "aucmedi" ? 1 : await probe.value();
      const map = spread(windows, values.map((value) => whole - value), width, height * width);
      const { window = 0, stride = 0 } = settings;
      return {
        map: tf.tensor2d(map, [height, width]),
        warnings: window > 0 && stride > window ? [strideWarning({ window, stride })] : [],
      };
    } finally {
      hidden.dispose();
    }
  },
};
