import { cut, listed, quote } from "../../base/quote.ts";
import { countOf, isChannelCount, type TensorInfo } from "../../base/tensor_info.ts";
import { damaged } from "./damaged.ts";
import { isFloat, kindOfCode } from "./element_type.ts";
import type { GraphNode } from "./graph_node.ts";
import { channelsLast, inOrder } from "./layout.ts";
import type { GraphProto, ValueProto } from "./model_proto.ts";
import type { Live } from "./value.ts";

/** Height and width that a model is opened for where it takes any. */
const usualSize = 224;

/** The largest input that is tried, in numbers: 4,096 pixels square in four channels. */
const largest = 2 ** 26;

/** An input of a model. */
export interface ModelInput {
  /** Its value, its free sizes set. */
  readonly value: Live;
  /** What it is as others see it, height and width free where they are. */
  readonly info: TensorInfo;
  /** Whether height or width of a picture are free. */
  readonly isFree: boolean;
}

/** The nodes that take a value, or what only hands it on. */
function* takersOf(name: string, nodes: readonly GraphNode[]): Generator<GraphNode> {
  for (const node of nodes) {
    if (!node.inputs.includes(name)) continue;
    yield node;
    const handsOn =
      /^(Identity|Cast|Sub|Div|Mul|Add|BatchNormalization|Pad|QuantizeLinear|DequantizeLinear)$/;
    if (handsOn.test(node.op)) yield* takersOf(node.outputs[0]!, nodes.slice(nodes.indexOf(node) + 1));
  }
}

/** How many channels the first convolution of a picture takes, where there is one. */
function channelsTaken(name: string, graph: GraphProto, nodes: readonly GraphNode[]): number | undefined {
  for (const { op, inputs, attributes } of takersOf(name, nodes)) {
    if (op !== "Conv") continue;
    const weight = graph.initializers.find((tensor) => tensor.name === inputs[1]);
    return weight?.dims[1] && weight.dims[1] * (attributes.get("group")?.int ?? 1);
  }
  return undefined;
}

/** Whether a picture's channels are its last axis, as in models of TensorFlow's. */
function hasChannelsLast({ name, shape }: ValueProto, nodes: readonly GraphNode[]): boolean {
  const [, second, , last] = shape ?? [];
  const known = (size: number | string | undefined) => typeof size === "number" && isChannelCount(size);
  if (known(second) !== known(last)) return known(last);
  for (const { op, attributes } of takersOf(name, nodes)) {
    if (op === "Transpose") return attributes.get("perm")?.ints.join() === "0,3,1,2";
    if (op === "Conv") return false;
  }
  return false;
}

/** Height and width. */
export type PictureSize = readonly [height: number, width: number];

function openInput(input: ValueProto, { graph, nodes, sizeOf }: OpenInputsRequest): ModelInput {
  const { name, dataType, shape } = input;
  const kind = kindOfCode(dataType) ?? damaged(`its input ${quote(name)} is no tensor of numbers`);
  if (!shape) damaged(`its input ${quote(name)} has no shape`);
  const isPicture = shape.length === 4;
  const isLast = isPicture && hasChannelsLast(input, nodes);
  const channelAxis = isLast ? 3 : 1;
  const [height, width] = sizeOf?.(name) ?? [usualSize, usualSize];
  const isKnown = (axis: number) => typeof shape[axis] === "number" && shape[axis] > 0;
  const sizes = shape.map((size, axis) => {
    if (axis === 0) return isPicture || typeof size !== "number" || size < 1 ? 1 : size;
    if (typeof size === "number" && isKnown(axis)) return size;
    if (!isPicture) return 1;
    if (axis === channelAxis) return channelsTaken(name, graph, nodes) ?? 3;
    return axis === (isLast ? 1 : 2) ? height : width;
  });
  if (!(countOf(sizes) <= largest)) damaged(`its input ${quote(name)} is too large: ${sizes.join(" × ")}`);
  const axes = isPicture && !isLast ? channelsLast(4) : inOrder(shape.length);
  const value: Live = { kind: "live", id: name, type: kind.type, shape: sizes, axes };
  const isFree = (axis: number) => isPicture && axis !== 0 && axis !== channelAxis && !isKnown(axis);
  const [, ...rest] = axes.map((axis) => isFree(axis) ? null : sizes[axis]!);
  const stored = shape.length === 0 ? [] : [sizes[0] === 1 ? null : sizes[0]!, ...rest];
  const dtype = isFloat(kind.type) || isPicture ? undefined : "int32";
  return {
    value,
    info: { name, shape: stored, ...(dtype && { dtype }) },
    isFree: axes.some(isFree),
  };
}

/** What the inputs of a model are told from. */
export interface OpenInputsRequest {
  readonly graph: GraphProto;
  /** The model's nodes. */
  readonly nodes: readonly GraphNode[];
  /**
   * Height and width of a picture where the model takes any, by the input's name.
   * @default {[224, 224]}
   */
  readonly sizeOf?: ((name: string) => PictureSize | undefined) | undefined;
}

/** The inputs of a model, a picture as `[1, H, W, C]` whichever way the model takes it. Sizes that are free are set. */
export function openInputs(request: OpenInputsRequest): ModelInput[] {
  const { initializers, inputs: all } = request.graph;
  const weights = new Set(initializers.map(({ name }) => name));
  const own = all.filter(({ name }) => !weights.has(name));
  const inputs = own.map((input) => openInput(input, request));
  if (inputs.some(({ info }) => info.shape.length === 4)) return inputs;
  return damaged(
    `it takes ${
      listed(own, describe) || "nothing"
    }, as models of texts or sounds do: a picture [N, C, H, W] is needed`,
  );
}

/** An input's name and shape, for people. */
function describe({ name, shape = [] }: ValueProto): string {
  return `${quote(name, 60)} [${shape.map((size) => cut(size || "?", 60)).join(", ")}]`;
}

/** What is said beside an error that may be due to the size that pictures were given; empty where the model says theirs. */
export function describeTriedSize(
  { inputs, initializers }: GraphProto,
  [height, width]: PictureSize = [usualSize, usualSize],
): string {
  const weights = new Set(initializers.map(({ name }) => name));
  const isFree = inputs.some(({ name, shape }) =>
    shape?.length === 4 && !weights.has(name) &&
    shape.slice(1).filter((size) => typeof size === "number" && size > 0).length < 2
  );
  return isFree ? `; it says no size of pictures, and was tried with ${height} × ${width}` : "";
}
