import * as tf from "../../../base/tfjs.ts";
import { Computation } from "../../../operations/computation.ts";
import { MeanPool } from "../../../operations/mean_pool.ts";
import { channelsLast } from "../layout.ts";
import type { NodeContext, NodeTranslator, NodeTranslators } from "../translator.ts";
import { constantOf, type Live } from "../value.ts";
import { type Windows, windowsOf } from "./windows.ts";

/** What a pool takes, as TensorFlow.js has it. */
interface Pool {
  readonly x: Live;
  readonly windows: Windows;
  readonly kernel: [number, number];
  readonly strides: [number, number];
  /** Padding, with what windows reach beyond it. */
  readonly pad: tf.backend_util.ExplicitPadding;
  readonly shape: readonly number[];
}

function poolOf(node: NodeContext): Pool {
  const value = node.live(0);
  if (value.shape.length !== 4) node.fail(`is of ${value.shape.length - 2} axes: maps are taken of pictures`);
  const windows = windowsOf(node, value.shape.slice(2), node.attributes.ints("kernel_shape") ?? []);
  const { pads, beyond } = windows;
  return {
    x: node.stored(value, channelsLast(4)),
    windows,
    kernel: windows.kernel as [number, number],
    strides: windows.strides as [number, number],
    pad: [[0, 0], ...pads.map(([before, after], at) => [before, after + beyond[at]!]), [0, 0]] as
      tf.backend_util.ExplicitPadding,
    shape: [...value.shape.slice(0, 2), ...windows.sizes],
  };
}

const maxPool: NodeTranslator = (node) => {
  if (node.gives(1)) node.fail("gives indices, which is not known");
  const { x, windows, kernel, strides, pad, shape } = poolOf(node);
  if (windows.dilations.some((step) => step !== 1)) node.fail("is dilated, which is not known");
  const run = (x: tf.Tensor) => tf.maxPool(x as tf.Tensor4D, kernel, strides, padName(pad));
  return node.emit(new Computation([x.id], node.id(), run), { shape, axes: channelsLast(4) });
};

/** Padding by its name, where it is none. */
function padName(pad: tf.backend_util.ExplicitPadding): tf.backend_util.ExplicitPadding | "valid" {
  return pad.flat().every((amount) => amount === 0) ? "valid" : pad;
}

/** How many numbers each window counts along an axis: all but what is beyond the padding. */
function countsAlong({ kernel, strides, pads, sizes }: Windows, axis: number, size: number): number[] {
  const [before, after] = pads[axis]!;
  return Array.from({ length: sizes[axis]! }, (_, at) => {
    const start = at * strides[axis]!;
    return Math.min(start + kernel[axis]!, size + before + after) - start;
  });
}

const averagePool: NodeTranslator = (node) => {
  const { x, windows, kernel, strides, pad, shape } = poolOf(node);
  if (windows.dilations.some((step) => step !== 1)) node.fail("is dilated, which is not known");
  const hasPad = pad.flat().some((amount) => amount !== 0);
  if (!hasPad || node.attributes.int("count_include_pad", 0) === 0) {
    const run = (x: tf.Tensor) => tf.avgPool(x as tf.Tensor4D, kernel, strides, padName(pad));
    return node.emit(new Computation([x.id], node.id(), run), { shape, axes: channelsLast(4) });
  }
  const mean = (x: tf.Tensor) => tf.avgPool(tf.pad(x as tf.Tensor4D, pad), kernel, strides, "valid");
  const made = { shape, axes: channelsLast(4) };
  if (windows.beyond.every((amount) => amount === 0)) return node.compute([x], (x) => mean(x!), made);
  const [down, across] = [0, 1].map((axis) => countsAlong(windows, axis, x.shape[axis + 2]!));
  const shares = down!.flatMap((rows) => across!.map((columns) => kernel[0] * kernel[1] / (rows * columns)));
  const share = constantOf("float32", [1, down!.length, across!.length, 1], Float32Array.from(shares));
  return node.compute([x, share], (x, share) => mean(x!).mul(share!), made);
};

const globalAverage: NodeTranslator = (node) => {
  const value = node.live(0);
  const x = node.stored(value, channelsLast(value.shape.length));
  const shape = value.shape.map((size, axis) => axis < 2 ? size : 1);
  if (value.shape.length === 4) return node.emit(new MeanPool(x.id, node.id(), true), { shape, axes: x.axes });
  return node.compute([x], (x) => x!.mean(spatialAxes(x!), true), { shape, axes: x.axes });
};

/** All axes between that of pictures and that of channels. */
function spatialAxes({ rank }: tf.Tensor): number[] {
  return Array.from({ length: rank - 2 }, (_, axis) => axis + 1);
}

const globalMax: NodeTranslator = (node) => {
  const value = node.live(0);
  const x = node.stored(value, channelsLast(value.shape.length));
  const shape = value.shape.map((size, axis) => axis < 2 ? size : 1);
  return node.compute([x], (x) => tf.max(x!, spatialAxes(x!), true), { shape, axes: x.axes });
};

/** Pools. */
export const poolingNodes: NodeTranslators = {
  AveragePool: averagePool,
  GlobalAveragePool: globalAverage,
  GlobalMaxPool: globalMax,
  MaxPool: maxPool,
};
