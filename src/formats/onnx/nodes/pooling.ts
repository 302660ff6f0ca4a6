import * as tf from "../../../base/tfjs.ts";
import { countOf } from "../../../base/tensor_info.ts";
import { Computation } from "../../../operations/computation.ts";
import { MeanPool } from "../../../operations/mean_pool.ts";
import { channelsLast } from "../layout.ts";
import type { Made, NodeContext, NodeTranslator, NodeTranslators } from "../translator.ts";
import { constantOf, type Live } from "../value.ts";
import { maxIndices } from "./pool_indices.ts";
import { countsOf, tapsOf } from "./taps.ts";
import { type Windows, windowsOf } from "./windows.ts";

/** What a pool takes and gives, stored with channels last. */
interface Pool {
  readonly x: Live;
  readonly windows: Windows;
  readonly made: Made;
  /** Height and width, or whatever axes there are. */
  readonly extents: readonly number[];
}

function poolOf(node: NodeContext): Pool {
  const value = node.live(0), extents = value.shape.slice(2), axes = channelsLast(value.shape.length);
  const windows = windowsOf(node, extents, node.attributes.ints("kernel_shape") ?? []);
  return {
    x: node.stored(value, axes),
    windows,
    made: { shape: [...value.shape.slice(0, 2), ...windows.sizes], axes },
    extents,
  };
}

/** Windows as TensorFlow.js's kernels take them; `undefined` where none does. */
function asKernel({ windows: { kernel, strides, dilations, pads, beyond }, extents }: Pool) {
  if (extents.length !== 2 || dilations.some((step) => step !== 1)) return undefined;
  const amounts = pads.map(([before, after], at): [number, number] => [before, after + beyond[at]!]);
  const isNone = amounts.flat().every((amount) => amount === 0);
  return {
    size: [...kernel] as [number, number],
    steps: [...strides] as [number, number],
    pad: (isNone ? "valid" : [[0, 0], ...amounts, [0, 0]]) as "valid" | tf.backend_util.ExplicitPadding,
  };
}

/** Less than any number that stands in a picture. */
const lowest = -3.4e38;

const maxPool: NodeTranslator = (node) => {
  const pool = poolOf(node), { x, windows, made } = pool, kernel = asKernel(pool);
  const run = (x: tf.Tensor): tf.Tensor =>
    kernel
      ? tf.maxPool(x.cast("float32") as tf.Tensor4D, kernel.size, kernel.steps, kernel.pad).cast(x.dtype)
      : tapsOf(x, windows, lowest).reduce((most, one) => tf.maximum(most, one));
  const result = node.emit(new Computation([x.id], node.id(), run), made);
  return node.gives(1) ? [result, maxIndices(node, x, windows, made)] : result;
};

/** Sums over windows, each divided by how many numbers it counts. */
function averageOfTaps(node: NodeContext, { x, windows, made, extents }: Pool, includesPads: boolean): Live {
  const counts = countsOf(windows, extents, includesPads);
  const shares = constantOf("float32", [1, ...windows.sizes, 1], counts.map((count) => 1 / count));
  const run = (x: tf.Tensor, shares: tf.Tensor) =>
    tapsOf(x, windows, 0).reduce((sum, one) => sum.add(one)).mul(shares);
  return node.compute([x, shares], (x, shares) => run(x!, shares!), made);
}

const averagePool: NodeTranslator = (node) => {
  const pool = poolOf(node), { x, windows, made, extents } = pool, kernel = asKernel(pool);
  const includesPads = node.attributes.int("count_include_pad", 0) === 1;
  if (!kernel) return averageOfTaps(node, pool, includesPads);
  const { size, steps, pad } = kernel;
  if (pad === "valid" || !includesPads) {
    return node.compute([x], (x) => tf.avgPool(x as tf.Tensor4D, size, steps, pad), made);
  }
  const mean = (x: tf.Tensor) => tf.avgPool(tf.pad(x as tf.Tensor4D, pad), size, steps, "valid");
  if (windows.beyond.every((amount) => amount === 0)) return node.compute([x], (x) => mean(x!), made);
  const shares = countsOf(windows, extents, true).map((count) => countOf(size) / count);
  const share = constantOf("float32", [1, ...windows.sizes, 1], shares);
  return node.compute([x, share], (x, share) => mean(x!).mul(share!), made);
};

/** The length of what a window sees: (Σ |x|ᵖ)^(1/p). */
const lengthPool: NodeTranslator = (node) => {
  const { x, windows, made } = poolOf(node), p = node.attributes.int("p", 2);
  const run = (x: tf.Tensor) =>
    tapsOf(x.abs().pow(p), windows, 0).reduce((sum, one) => sum.add(one)).pow(1 / p);
  return node.compute([x], (x) => run(x!), made);
};

/** All axes between that of pictures and that of channels. */
function spatialAxes({ rank }: tf.Tensor): number[] {
  return Array.from({ length: rank - 2 }, (_, axis) => axis + 1);
}

/** One number of all pixels, for each channel. */
function ofAll(compute: (x: tf.Tensor, axes: number[], node: NodeContext) => tf.Tensor): NodeTranslator {
  return (node) => {
    const value = node.live(0), x = node.stored(value, channelsLast(value.shape.length));
    const shape = value.shape.map((size, axis) => axis < 2 ? size : 1);
    return node.compute([x], (x) => compute(x!, spatialAxes(x!), node), { shape, axes: x.axes });
  };
}

const globalAverage: NodeTranslator = (node) => {
  const value = node.live(0);
  if (value.shape.length !== 4) return ofAll((x, axes) => x.mean(axes, true))(node);
  const x = node.stored(value, channelsLast(4));
  const shape = [...value.shape.slice(0, 2), 1, 1];
  return node.emit(new MeanPool(x.id, node.id(), true), { shape, axes: x.axes });
};

/** Pools. */
export const poolingNodes: NodeTranslators = {
  AveragePool: averagePool,
  GlobalAveragePool: globalAverage,
  GlobalLpPool: ofAll((x, axes, node) => {
    const p = node.attributes.int("p", 2);
    return x.abs().pow(p).sum(axes, true).pow(1 / p);
  }),
  GlobalMaxPool: ofAll((x, axes) => tf.max(x, axes, true)),
  LpPool: lengthPool,
  MaxPool: maxPool,
};
