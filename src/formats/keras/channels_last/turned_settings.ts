/**
 * The registry of layers that can be computed with the channels last in the place of first. A new one is an entry in
 * {@linkcode byClass}; what keeps every number at its place needs none.
 *
 * @module
 */
import type { Json } from "../inbound.ts";
import { isElementwise, isIdentityLayer, keepsPlaces } from "./elementwise.ts";
import { asIs, type Order, toFirst, toLast, turnedAxisFromEnd, turnedTo } from "./orders.ts";

/** A layer that takes its input with the channels last, and computes what the one in the file computes. */
export interface TurnedLayer {
  readonly className?: string;
  readonly config: Json;
  readonly gives: Order;
  /** Which axes of its weights come in which order. */
  readonly weightAxes?: readonly number[];
}

/** How a layer's settings are turned; `undefined` where they cannot be. */
type Turn = (config: Json, rank: number) => TurnedLayer | undefined;

/** Layers whose settings say where the channels are. */
const byFormat =
  /^((Depthwise|Separable)?Conv[123]D(Transpose)?|(Global|Adaptive)?(Average|Max)Pooling[123]D|(ZeroPadding|Cropping|UpSampling)[123]D|Resizing|CenterCrop|RandomCrop|Flatten)$/;

function classOf({ class_name: className }: Json): string {
  return String(className).split(">").at(-1)!;
}

/** The layer that another one wraps for training alone. */
function wrappedBy(layer: Json): Json | undefined {
  return classOf(layer) === "SpectralNormalization" ? (layer.config as Json).layer as Json : undefined;
}

/** Whether a layer is one that takes its channels first and can take them last. */
export function isChannelsFirst(layer: Json): boolean {
  const wrapped = wrappedBy(layer);
  if (wrapped) return isChannelsFirst(wrapped);
  const { data_format: format, activation } = (layer.config ?? {}) as Json;
  if (format !== "channels_first") return false;
  return isIdentityLayer(layer) || (byFormat.test(classOf(layer)) && isElementwise(activation));
}

/** Layers of which Keras 1 does not say where the channels are: they are where those before have them. */
export function isUntold(layer: Json): boolean {
  const { data_format: format } = (layer.config ?? {}) as Json;
  return (format ?? undefined) === undefined && /^(ZeroPadding|Cropping|UpSampling)2D$/.test(classOf(layer));
}

/** How many axes a layer's input has by its class. */
export function rankByClass(className: string): number | undefined {
  const digit = /([123])D(Transpose)?$/.exec(className)?.[1];
  return digit === undefined ? undefined : Number(digit) + 2;
}

function sameShape(config: Json, rank: number): TurnedLayer {
  return { config, gives: turnedTo(rank) };
}

/** A layer whose weights are of one axis, or that has none. */
function alongOneAxis(config: Json, rank: number): TurnedLayer | undefined {
  const axes = [config.axis ?? -1].flat() as number[];
  return axes.length === 1 ? alongAxes(config, rank) : undefined;
}

function alongAxes(config: Json, rank: number): TurnedLayer {
  const { axis = -1 } = config as { axis?: number | number[] };
  const turned = Array.isArray(axis)
    ? axis.map((one) => turnedAxisFromEnd(one, rank))
    : turnedAxisFromEnd(axis, rank);
  return sameShape({ ...config, axis: turned }, rank);
}

function permuted(config: Json, rank: number): TurnedLayer {
  const dims = config.dims as number[];
  if (dims.join() === toLast(rank).join()) return handedOn(config, asIs(rank));
  // What it takes was turned, what it gives is as the model says.
  return {
    config: { ...config, dims: dims.map((axis) => (axis === 1 ? rank - 1 : axis - 1)) },
    gives: asIs(rank),
  };
}

/** A layer that hands its input on, which is in another order than the model says. */
function handedOn({ name }: Json, gives: Order): TurnedLayer {
  return { className: "Activation", config: { name, activation: "linear" }, gives };
}

function prelu(config: Json, rank: number): TurnedLayer {
  const shared = config.shared_axes as number[] | null | undefined;
  return {
    config: shared
      ? { ...config, shared_axes: shared.map((axis) => (axis === 1 ? rank - 1 : axis - 1)) }
      : config,
    gives: turnedTo(rank),
    weightAxes: toLast(rank).map((axis) => axis - 1),
  };
}

const byClass: Readonly<Record<string, Turn>> = {
  BatchNormalization: alongOneAxis,
  Concatenate: alongAxes,
  GroupNormalization: alongOneAxis,
  LayerNormalization: alongOneAxis,
  Normalization: (config, rank) => config.axis === null ? undefined : alongOneAxis(config, rank),
  Permute: permuted,
  PReLU: prelu,
  RMSNormalization: alongOneAxis,
  Softmax: alongAxes,
  SyncBatchNormalization: alongOneAxis,
  UnitNormalization: alongAxes,
};

/** What a layer gives whose settings say where the channels are. */
function givenBy(className: string, config: Json, rank: number): Order {
  if (className === "Flatten") return asIs(2);
  return className.startsWith("Global") && config.keepdims !== true ? asIs(2) : turnedTo(rank);
}

/**
 * A layer for an input whose channels were put last.
 *
 * @param layer As the file has it, `{ class_name, config }`.
 * @param rank How many axes its input has.
 * @returns `undefined` where its input has to be as the model says.
 */
export function turnLayer(layer: Json, rank: number): TurnedLayer | undefined {
  const wrapped = wrappedBy(layer);
  const config = (layer.config ?? {}) as Json;
  if (wrapped) {
    const turned = turnLayer(wrapped, rank);
    return turned && { ...turned, config: { ...config, layer: { ...wrapped, config: turned.config } } };
  }
  if (isChannelsFirst(layer) || isUntold(layer)) {
    const settings = { ...config, data_format: "channels_last" };
    return { config: settings, gives: givenBy(classOf(layer), config, rank) };
  }
  if (config.data_format !== undefined && !isIdentityLayer(layer)) return undefined; // its channels are last
  return keepsPlaces(layer) ? sameShape(config, rank) : byClass[classOf(layer)]?.(config, rank);
}

/** A layer that takes its input as the model says and gives its output with the channels last, where that is simple. */
export function turnOutput(layer: Json, { rank }: Order): TurnedLayer | undefined {
  const config = (layer.config ?? {}) as Json;
  if (classOf(layer) === "Permute") {
    const dims = config.dims as number[];
    const size = dims.length + 1;
    return size > 2 && dims.join() === toFirst(size).join() ? handedOn(config, turnedTo(size)) : undefined;
  }
  const { target_shape: shape } = config;
  const isPixel = classOf(layer) === "Reshape" && rank === 2 && Array.isArray(shape) && shape.length === 3 &&
    shape[1] === 1 && shape[2] === 1 && shape[0] !== 1;
  return isPixel ? { config: { ...config, target_shape: [1, 1, shape[0]] }, gives: turnedTo(4) } : undefined;
}

/** How many axes the output of a layer has whose input is as the model says; `undefined` where it is not known. */
export function rankOfOutput(layer: Json, operands: readonly Order[]): number | undefined {
  const config = (layer.config ?? {}) as Json;
  const className = classOf(layer);
  const sized = config.target_shape ?? config.dims;
  if ((className === "Reshape" || className === "Permute") && Array.isArray(sized)) return sized.length + 1;
  if (className === "Flatten") return 2;
  const rank = rankByClass(className);
  if (className.startsWith("Global") && config.keepdims !== true) return 2;
  if (rank !== undefined) return rank;
  const ranks = operands.map(({ rank }) => rank);
  const keepsRank = className === "Dense" || Object.hasOwn(byClass, className) || keepsPlaces(layer);
  return keepsRank && ranks.every((one) => one !== undefined) ? Math.max(...ranks as number[]) : undefined;
}
