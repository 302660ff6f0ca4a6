import * as tf from "../../src/base/tfjs.ts";
import type { ConvolutionGeometry } from "./convolution_geometry.ts";

/**
 * For each tap of a filter, row by row, do something with what it meets of the input.
 *
 * @param input `[batch, height, width, channels]`
 * @param geometry The convolution's geometry.
 * @param visit Gets `[batch, output height, output width, channels]`; what it makes besides its result is
 * disposed.
 * @returns What `visit` gave, a tensor for each tap.
 */
export function mapWindows(
  input: tf.Tensor4D,
  geometry: ConvolutionGeometry,
  visit: (window: tf.Tensor4D) => tf.Tensor,
): tf.Tensor[] {
  const { filterHeight, filterWidth, dilationHeight, dilationWidth, strideHeight, strideWidth } = geometry;
  const { batchSize, inChannels, outHeight, outWidth } = geometry;
  const phases = splitPhases(input, geometry);
  const results: tf.Tensor[] = [];
  for (let row = 0; row < filterHeight; row++) {
    for (let column = 0; column < filterWidth; column++) {
      const top = row * dilationHeight, left = column * dilationWidth;
      const phase = phases[top % strideHeight]![left % strideWidth]!;
      const begin = [0, Math.floor(top / strideHeight), Math.floor(left / strideWidth), 0];
      results.push(tf.tidy(() => visit(phase.slice(begin, [batchSize, outHeight, outWidth, inChannels]))));
    }
  }
  return results;
}

/**
 * Split the padded input by its rows and columns modulo the strides, so that a window of each is a plain slice:
 * a strided one goes element by element on WebAssembly.
 */
function splitPhases(input: tf.Tensor4D, geometry: ConvolutionGeometry): tf.Tensor4D[][] {
  const { batchSize: batch, inChannels, strideHeight, strideWidth } = geometry;
  const padded = padInput(input, geometry);
  if (strideHeight === 1 && strideWidth === 1) return [[padded]];
  const height = padded.shape[1] / strideHeight, width = padded.shape[2] / strideWidth;
  const blocks = padded.reshape([batch * height, strideHeight, width, strideWidth * inChannels]);
  return Array.from(
    { length: strideHeight },
    (_, row) =>
      Array.from({ length: strideWidth }, (_, column) =>
        blocks
          .slice([0, row, 0, column * inChannels], [batch * height, 1, width, inChannels])
          .reshape<tf.Tensor4D>([batch, height, width, inChannels])),
  );
}

/** Pad as the convolution does, and on to whole strides. */
function padInput(input: tf.Tensor4D, geometry: ConvolutionGeometry): tf.Tensor4D {
  const { inHeight, inWidth, strideHeight, strideWidth, padInfo: { top, bottom, left, right } } = geometry;
  const below = bottom + lacking(top + inHeight + bottom, strideHeight);
  const beside = right + lacking(left + inWidth + right, strideWidth);
  if (Math.max(top, below, left, beside) === 0) return input;
  return tf.pad(input, [[0, 0], [top, below], [left, beside], [0, 0]]);
}

/** What a size lacks to be a multiple of the stride. */
function lacking(size: number, stride: number): number {
  return (stride - size % stride) % stride;
}
