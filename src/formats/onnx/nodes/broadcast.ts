import type { Weight } from "../../../operations/weight.ts";
import { broadcastShape } from "../arrays/array.ts";
import { countOf } from "../../../base/tensor_info.ts";
import { inOrder, sameAxes } from "../layout.ts";
import { reshapeStored } from "../node_context.ts";
import type { NodeContext } from "../translator.ts";
import type { Axes, Constant, Live, Value } from "../value.ts";

/** Values that are stored so that TensorFlow.js spreads them over each other as ONNX does. */
export interface Aligned {
  /** Those that depend on the model's inputs, and weights, in order. */
  readonly operands: readonly (Live | Weight)[];
  /** The shape that they are spread to. */
  readonly shape: readonly number[];
  /** How its axes are stored. */
  readonly axes: Axes;
}

/** The order of the axes of a value that has fewer, the last ones. */
function ownOrder(axes: Axes, rank: number): Axes {
  const lead = axes.length - rank;
  return axes.filter((axis) => axis >= lead).map((axis) => axis - lead);
}

/** A shape as it is stored among others' axes: 1 along those that it lacks. */
function shapeAmong(shape: readonly number[], axes: Axes): number[] {
  const lead = axes.length - shape.length;
  return axes.map((axis) => axis < lead ? 1 : shape[axis - lead]!);
}

/** A constant as a weight that is stored as others are. */
export function alignConstant(node: NodeContext, constant: Constant, axes: Axes): Weight {
  const { shape } = constant;
  return node.weight(constant, { order: ownOrder(axes, shape.length), shape: shapeAmong(shape, axes) });
}

function alignLive(node: NodeContext, value: Live, axes: Axes): Live {
  const { shape } = value;
  const order = ownOrder(axes, shape.length);
  const given = node.stored(value, order);
  const lead = axes.length - shape.length;
  const isSpread = sameAxes(axes.slice(0, lead), inOrder(lead)); // as TensorFlow.js adds axes in front
  if (isSpread) return given;
  const made = {
    shape: [...shape.slice(0, 0), ...new Array(lead).fill(1), ...shape],
    axes,
    type: value.type,
  };
  return node.emit(
    reshapeStored(given, `${given.id}@${axes.join("_")}spread`, shapeAmong(shape, axes)),
    made,
  );
}

/** Whether a value's first stored axis is one of several pictures, as it is where nothing else was put in its place. */
function hasPicturesFirst({ shape, axes }: Live): boolean {
  return shape[axes[0]!] === 1;
}

/** The order that most of what is spread is stored in; of several such the one that has pictures first. */
function commonOrder(values: readonly Value[], rank: number): Axes {
  const live = values.filter((value) => value.kind === "live" && value.shape.length === rank) as Live[];
  const [largest] = live.toSorted((a, b) =>
    countOf(b.shape) - countOf(a.shape) || Number(hasPicturesFirst(b)) - Number(hasPicturesFirst(a))
  );
  return largest?.axes ?? inOrder(rank);
}

/** Store values so that they can be spread over each other. */
export function align(node: NodeContext, values: readonly Value[]): Aligned {
  const shape = values.map(({ shape }) => shape).reduce<readonly number[]>(broadcastShape, []);
  const axes = commonOrder(values, shape.length);
  const operands = values.map((value) =>
    value.kind === "constant" ? alignConstant(node, value, axes) : alignLive(node, value, axes)
  );
  return { operands, shape, axes };
}

/**
 * Whether a constant is one number for each channel, as a value's channels are stored last.
 *
 * @param value What it is spread over.
 */
export function isOfChannels({ shape }: Constant, value: Live): boolean {
  const rank = value.shape.length, last = value.axes.at(-1);
  if (rank < 2 || last === undefined || shape.length > rank) return false;
  const lead = rank - shape.length, channels = value.shape[last]!;
  return channels > 1 && last >= lead && shape[last - lead] === channels && countOf(shape) === channels;
}
