import type * as tf from "../../src/base/tfjs.ts";
import type { ConvolutionGeometry } from "../kernels/convolution_geometry.ts";
import type { Machine } from "./machine.ts";

/** As much of a convolution's geometry as the kernels take. */
export type KernelGeometry =
  & Omit<ConvolutionGeometry, "dataFormat" | "inShape" | "outShape" | "filterShape" | "padInfo">
  & { readonly padInfo: Pick<ConvolutionGeometry["padInfo"], "top" | "left"> };

/** Where what is computed goes: the address of the first pixel, and bytes from picture to picture, row to row, pixel to pixel. */
export interface Target {
  readonly start: number;
  readonly picture: number;
  readonly row: number;
  readonly pixel: number;
}

/** A tensor for all that a convolution gives, pixel after pixel. */
export function makeWhole(
  { heap }: Machine,
  { batchSize, outHeight, outWidth, outChannels }: KernelGeometry,
): { readonly result: tf.TensorInfo; readonly target: Target } {
  const result = heap.makeOutput([batchSize, outHeight, outWidth, outChannels]);
  const pixel = outChannels * 4, row = outWidth * pixel;
  return { result, target: { start: heap.addressOf(result), picture: outHeight * row, row, pixel } };
}
