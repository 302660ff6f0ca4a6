import * as tf from "../../../base/tfjs.ts";
import type { KerasLayer } from "./keras_layer.ts";
import { mix } from "./resampling.ts";

/** A pooling over all positions; the axes stay, with size 1, where it is told so. */
function globalPooling(
  className: string,
  axes: number[],
  pool: (x: tf.Tensor, axes: number[], keep: boolean) => tf.Tensor,
): KerasLayer {
  return { className, call: ([x], settings) => pool(x!, axes, settings.keepdims === true) };
}

const average = (x: tf.Tensor, axes: number[], keep: boolean) => tf.mean(x, axes, keep);
const largest = (x: tf.Tensor, axes: number[], keep: boolean) => tf.max(x, axes, keep);

/** Where each of the windows that divide a length begins and ends; they overlap where it does not divide evenly. */
function windows(length: number, count: number): (readonly [number, number])[] {
  return Array.from({ length: count }, (_, index) => [
    Math.floor(index * length / count),
    Math.ceil((index + 1) * length / count),
  ]);
}

/** The means over such windows as a matrix, `[count, length]`. */
function windowMeans(length: number, count: number): tf.Tensor2D {
  const rows = windows(length, count).map(([from, to]) =>
    Array.from({ length }, (_, index) => index >= from && index < to ? 1 / (to - from) : 0)
  );
  return tf.tensor2d(rows);
}

/** The maxima over such windows along one axis. */
function windowMaxima(x: tf.Tensor, axis: number, count: number): tf.Tensor {
  const parts = windows(x.shape[axis]!, count).map(([from, to]) => {
    const begin = x.shape.map((_, index) => index === axis ? from : 0);
    const size = x.shape.map((full, index) => index === axis ? to - from : full);
    return x.slice(begin, size).max(axis, true);
  });
  return tf.concat(parts, axis);
}

function sizeOf(value: unknown): [number, number] {
  const [height, width = height] = [value].flat() as number[];
  return [height!, width!];
}

/** The means over windows as many as asked for. */
export function adaptiveAverage(x: tf.Tensor4D, size: unknown): tf.Tensor4D {
  const [height, width] = sizeOf(size);
  return mix(x, windowMeans(x.shape[1], height), windowMeans(x.shape[2], width));
}

/** The maxima over windows as many as asked for. */
export function adaptiveMax(x: tf.Tensor4D, size: unknown): tf.Tensor4D {
  const [height, width] = sizeOf(size);
  return windowMaxima(windowMaxima(x, 1, height), 2, width) as tf.Tensor4D;
}

/** All poolings. */
export const poolingLayers: readonly KerasLayer[] = [
  globalPooling("GlobalAveragePooling1D", [1], average),
  globalPooling("GlobalAveragePooling2D", [1, 2], average),
  globalPooling("GlobalAveragePooling3D", [1, 2, 3], average),
  globalPooling("GlobalMaxPooling1D", [1], largest),
  globalPooling("GlobalMaxPooling2D", [1, 2], largest),
  globalPooling("GlobalMaxPooling3D", [1, 2, 3], largest),
  {
    className: "AdaptiveAveragePooling2D",
    call: ([x], settings) => adaptiveAverage(x as tf.Tensor4D, settings.output_size),
  },
  {
    className: "AdaptiveMaxPooling2D",
    call: ([x], settings) => adaptiveMax(x as tf.Tensor4D, settings.output_size),
  },
];
