import * as tf from "../../src/base/tfjs.ts";
import type { Kernel } from "./kernel.ts";

/** Where samples are taken from. */
interface ResizeAttributes {
  readonly alignCorners: boolean;
  readonly halfPixelCenters: boolean;
}

/** How much each of `from` cells counts for each of `to`, along one axis: `[to, from]`. */
function interpolation(
  from: number,
  to: number,
  { alignCorners, halfPixelCenters }: ResizeAttributes,
): tf.Tensor2D {
  const scale = alignCorners && to > 1 ? (from - 1) / (to - 1) : from / to;
  const weights = tf.buffer([to, from]);
  for (let index = 0; index < to; index++) {
    const place = halfPixelCenters ? (index + 0.5) * scale - 0.5 : index * scale;
    const before = Math.floor(place), after = Math.ceil(place);
    const weight = place - before;
    const cell = (at: number) => Math.min(Math.max(at, 0), from - 1);
    weights.set(weights.get(index, cell(before)) + 1 - weight, index, cell(before));
    weights.set(weights.get(index, cell(after)) + weight, index, cell(after));
  }
  return weights.toTensor() as tf.Tensor2D;
}

/**
 * The gradient of a bilinear resize. Each axis is resized by a product with a matrix; the way back is one with its
 * transpose.
 *
 * @param outputGradient `[n, y, x, c]`
 * @param size Height and width before the resize.
 * @returns `[n, h, w, c]`
 */
export function resizeBilinearGradient(
  outputGradient: tf.Tensor4D,
  [height, width]: [number, number],
  attributes: ResizeAttributes,
): tf.Tensor4D {
  const [batch, tall, wide, channels] = outputGradient.shape;
  const down = interpolation(height, tall, attributes); // [y, h]
  const across = interpolation(width, wide, attributes); // [x, w]
  const rows = tf.matMul(down, outputGradient.reshape([batch, tall, wide * channels]), true) // [n, h, x * c]
    .reshape([batch * height, wide, channels]);
  return tf.matMul(across, rows, true).reshape([batch, height, width, channels]); // [n, h, w, c]
}

/**
 * TensorFlow.js leaves out where the centres of pixels lie, so that the gradient is that of another resize, and on
 * the CPU turns height and width round.
 */
export const resizeBilinearGradientKernel: Kernel<ResizeAttributes> = {
  name: "ResizeBilinearGrad",
  backends: ["cpu", "wasm", "webgpu"],
  replaces: true,
  run({ inputs, attributes }) {
    const [, height, width] = (inputs.images as tf.Tensor4D).shape;
    return resizeBilinearGradient(inputs.dy as tf.Tensor4D, [height, width], attributes);
  },
};
