import * as tf from "../../../base/tfjs.ts";
import { MeanPool } from "../../../operations/mean_pool.ts";
import { countOf } from "../../../base/tensor_info.ts";
import { axisOf } from "../arrays/array.ts";
import { inOrder } from "../layout.ts";
import type { NodeContext, NodeTranslator, NodeTranslators } from "../translator.ts";
import { type Axes, constantOf, type Live } from "../value.ts";
import { given } from "./shaping.ts";

/** What is reduced, and what is left. */
interface Reduction {
  readonly x: Live;
  /** Which stored axes are reduced. */
  readonly places: number[];
  readonly keepsAxes: boolean;
  readonly shape: readonly number[];
  readonly axes: Axes;
}

/** The order in which axes are stored without some of them. */
function without(axes: Axes, dropped: readonly number[]): number[] {
  return axes.filter((axis) => !dropped.includes(axis))
    .map((axis) => axis - dropped.filter((one) => one < axis).length);
}

/** Along which axes a node reduces what it takes; `undefined` where along none. */
export function reductionOf(
  node: NodeContext,
  axesGiven: readonly number[] | undefined,
): Reduction | undefined {
  const x = node.live(0), rank = x.shape.length;
  const isEmpty = axesGiven === undefined || axesGiven.length === 0;
  if (isEmpty && node.attributes.int("noop_with_empty_axes", 0) === 1) return undefined;
  const dropped = isEmpty ? [...inOrder(rank)] : axesGiven.map((axis) => axisOf(axis, rank));
  if (dropped.includes(x.axes[0]!)) node.mixesPictures();
  const keepsAxes = node.attributes.int("keepdims", 1) === 1;
  return {
    x,
    places: x.axes.flatMap((axis, place) => dropped.includes(axis) ? [place] : []),
    keepsAxes,
    shape: x.shape.flatMap((size, axis) => dropped.includes(axis) ? (keepsAxes ? [1] : []) : [size]),
    axes: keepsAxes ? x.axes : without(x.axes, dropped),
  };
}

/**
 * A number made of all that lie along some axes.
 *
 * @param ofNone What it is where nothing lies there.
 */
function reduced(
  compute: (x: tf.Tensor, places: number[], keepsAxes: boolean) => tf.Tensor,
  ofNone = 0,
): NodeTranslator {
  return (node) => {
    const reduction = reductionOf(node, given(node, "axes", 1));
    if (!reduction) return node.live(0);
    const { x, places, keepsAxes, shape, axes } = reduction;
    if (places.some((place) => x.shape[x.axes[place]!] === 0)) {
      return constantOf("float32", shape, new Float32Array(countOf(shape)).fill(ofNone));
    }
    return node.compute([x], (x) => compute(x!, places, keepsAxes), { shape, axes });
  };
}

/** The mean over height and width is a pool. */
const mean: NodeTranslator = (node) => {
  const reduction = reductionOf(node, given(node, "axes", 1));
  if (!reduction) return node.live(0);
  const { x, places, keepsAxes, shape, axes } = reduction;
  if (x.shape.length === 4 && places.join() === "1,2") {
    return node.emit(new MeanPool(x.id, node.id(), keepsAxes), { shape, axes });
  }
  return node.compute([x], (x) => x!.mean(places, keepsAxes), { shape, axes });
};

/** Reductions. */
export const reductionNodes: NodeTranslators = {
  ReduceL1: reduced((x, places, keeps) => x.abs().sum(places, keeps)),
  ReduceL2: reduced((x, places, keeps) => x.square().sum(places, keeps).sqrt()),
  ReduceLogSum: reduced((x, places, keeps) => x.sum(places, keeps).log(), -Infinity),
  ReduceLogSumExp: reduced((x, places, keeps) => tf.logSumExp(x, places, keeps), -Infinity),
  ReduceMax: reduced((x, places, keeps) => x.max(places, keeps), -Infinity),
  ReduceMean: mean,
  ReduceMin: reduced((x, places, keeps) => x.min(places, keeps), Infinity),
  ReduceProd: reduced((x, places, keeps) => x.prod(places, keeps), 1),
  ReduceSum: reduced((x, places, keeps) => x.sum(places, keeps)),
  ReduceSumSquare: reduced((x, places, keeps) => x.square().sum(places, keeps)),
};
