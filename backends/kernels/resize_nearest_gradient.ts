import * as tf from "../../src/base/tfjs.ts";
import type { Kernel } from "./kernel.ts";

/** The settings of the resize that is differentiated. */
interface ResizeAttributes {
  readonly alignCorners: boolean;
  readonly halfPixelCenters?: boolean;
}

/** Which element of the input each of the output is, as a matrix `[to, from]` of zeros and ones. */
function picks(from: number, to: number): tf.Tensor2D {
  const matrix = new Float32Array(to * from);
  for (let index = 0; index < to; index++) {
    matrix[index * from + Math.min(Math.floor((index + 0.5) * from / to), from - 1)] = 1;
  }
  return tf.tensor2d(matrix, [to, from]);
}

/**
 * The gradient of a resize to the nearest pixel whose pixels have centres: each pixel gets what comes back for all
 * that were taken from it.
 *
 * @param outputGradient `[n, y, x, c]`
 * @param size Height and width before the resize.
 * @returns `[n, h, w, c]`
 */
export function resizeNearestGradient(
  outputGradient: tf.Tensor4D,
  [height, width]: [number, number],
): tf.Tensor4D {
  const [batch, tall, wide, channels] = outputGradient.shape;
  const down = picks(height, tall); // [y, h]
  const across = picks(width, wide); // [x, w]
  const rows = tf.matMul(down, outputGradient.reshape([batch, tall, wide * channels]), true) // [n, h, x * c]
    .reshape([batch * height, wide, channels]);
  return tf.matMul(across, rows, true).reshape([batch, height, width, channels]); // [n, h, w, c]
}

/** The gradient of TensorFlow.js takes pixels for corners, however the picture was resized. */
export const resizeNearestGradientKernel: Kernel<ResizeAttributes> = {
  name: "ResizeNearestNeighborGrad",
  backends: ["cpu", "wasm", "webgpu"],
  replaces: true,
  run({ inputs, attributes, original }) {
    if (attributes.alignCorners || !attributes.halfPixelCenters) return original(attributes);
    const [, height, width] = (inputs.images as tf.Tensor4D).shape;
    return resizeNearestGradient(inputs.dy as tf.Tensor4D, [height, width]);
  },
};
