import * as tf from "../../../base/tfjs.ts";
import { einsum } from "../../../../backends/kernels/einsum.ts";
import type { KerasLayer } from "./keras_layer.ts";

/** The difference of two inputs. */
const subtractLayer: KerasLayer = {
  className: "Subtract",
  call: ([a, b]) => tf.sub(a!, b!),
};

/** InceptionResNet's own sum of a shortcut and a scaled branch. */
const scaledSumLayer: KerasLayer = {
  className: "CustomScaleLayer",
  call: ([shortcut, branch], { scale }) => tf.add(shortcut!, tf.mul(branch!, Number(scale))),
};

/** Concatenate along an axis counted from the end. */
const concatenateLayer: KerasLayer = {
  className: "Concatenate",
  call: (inputs, { axis = -1 }) => tf.concat([...inputs], Number(axis)),
};

/** x with length 1 along an axis. */
export function unitLength(x: tf.Tensor, axis: number | number[]): tf.Tensor {
  return x.mul(tf.rsqrt(tf.maximum(x.square().sum(axis, true), 1e-12)));
}

/**
 * The sum of products along an axis of each of two tensors, picture by picture: of `[n, a, d]` and `[n, b, d]`
 * `[n, a, b]`.
 */
function batchDot(a: tf.Tensor, b: tf.Tensor, axisOfA: number, axisOfB: number): tf.Tensor {
  const letters = "abcdefghijklmnopqrstuvwxyz";
  const ofA = [...letters.slice(0, a.rank)];
  const ofB = [...letters.slice(a.rank, a.rank + b.rank)];
  ofB[0] = ofA[0]!;
  ofB[axisOfB] = ofA[axisOfA]!;
  const rest = (axes: string[], summed: number) => axes.filter((_, axis) => axis !== 0 && axis !== summed);
  const result = [ofA[0], ...rest(ofA, axisOfA), ...rest(ofB, axisOfB)];
  const product = einsum([a, b], `${ofA.join("")},${ofB.join("")}->${result.join("")}`);
  return product.rank === 1 ? product.expandDims(1) : product;
}

/** Dot along any axes, of vectors of length 1 if told so. */
const dotLayer: KerasLayer = {
  className: "Dot",
  call([a, b], { axes, normalize }) {
    const [first, second = first] = [axes].flat() as number[];
    const axisOfA = (first! + a!.rank) % a!.rank, axisOfB = (second! + b!.rank) % b!.rank;
    if (normalize !== true) return batchDot(a!, b!, axisOfA, axisOfB);
    return batchDot(unitLength(a!, axisOfA), unitLength(b!, axisOfB), axisOfA, axisOfB);
  },
};

/** Layers that join inputs. */
export const joiningLayers: readonly KerasLayer[] = [
  subtractLayer,
  scaledSumLayer,
  concatenateLayer,
  dotLayer,
];
