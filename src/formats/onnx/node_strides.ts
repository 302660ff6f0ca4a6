import { type Stride, type StridedValue, valueStrides } from "../../split/strides.ts";
import { axisOf } from "./arrays/array.ts";
import { Attributes } from "./attributes.ts";
import type { LiveNode } from "./live_node.ts";
import { storedShape } from "./layout.ts";
import type { Value } from "./value.ts";

/** Gives values by name, constants among them. */
type ValueFinder = (name: string) => Value | undefined;

/** What a node does to height and width, by its own settings. */
type FactorFinder = (node: LiveNode, valueOf: ValueFinder) => StridedValue["factor"];

function numbersOf(name: string | undefined, valueOf: ValueFinder): number[] | undefined {
  const value = name ? valueOf(name) : undefined;
  return value?.kind === "constant" ? Array.from(value.read()) : undefined;
}

/** Of windows that are moved over a picture: where nothing is said, by one pixel at a time. */
const ofWindows = ({ node }: LiveNode): Stride | undefined => {
  const [down, across] = new Attributes(node.attributes).ints("strides") ?? [1, 1];
  return down && across ? [down, across] : undefined;
};

const ofTransposed: FactorFinder = (node) => {
  const [down, across] = ofWindows(node) ?? [];
  return down && across ? [1 / down, 1 / across] : undefined;
};

/** Rows and columns, so many at a time; mirrored ones are out of place. */
const ofSlice: FactorFinder = ({ node, value }, valueOf) => {
  const steps = numbersOf(node.inputs[4], valueOf) ?? [];
  const axes = numbersOf(node.inputs[3], valueOf) ?? steps.map((_, at) => at);
  const stored = new Array<number>(value.shape.length).fill(1);
  axes.forEach((axis, at) => stored[value.axes.indexOf(axisOf(axis, value.shape.length))] = steps[at] ?? 1);
  return stored[1]! > 0 && stored[2]! > 0 ? [stored[1]!, stored[2]!] : null;
};

const kept: FactorFinder = () => [1, 1];

/** The operators whose results have another scale than their shapes tell. */
const factors: Readonly<Record<string, FactorFinder>> = {
  AveragePool: ofWindows,
  Concat: kept,
  Conv: ofWindows,
  ConvInteger: ofWindows,
  ConvTranspose: ofTransposed,
  LpPool: ofWindows,
  MaxPool: ofWindows,
  Pad: kept,
  QLinearConv: ofWindows,
  Slice: ofSlice,
};

/** What a node does to height and width, where its settings tell. */
export function factorOf(node: LiveNode, valueOf: ValueFinder): StridedValue["factor"] {
  const { op } = node.node;
  return Object.hasOwn(factors, op) ? factors[op]!(node, valueOf) : undefined;
}

/**
 * The strides of the values that nodes give, by id.
 *
 * @param nodes The nodes that depend on the model's inputs, in order.
 * @param pictures The ids of the model's inputs that have height and width, and their shapes as they are stored.
 */
export function nodeStrides(
  nodes: readonly LiveNode[],
  pictures: ReadonlyMap<string, readonly number[]>,
  valueOf: ValueFinder,
): ReadonlyMap<string, Stride> {
  const ids = new Map(nodes.flatMap(({ node, value }) => node.outputs.map((name) => [name, value.id])));
  const shapes = new Map([...pictures, ...nodes.map(({ value }) => [value.id, storedShape(value)] as const)]);
  const order = nodes.map((one): StridedValue => ({
    id: one.value.id,
    inputs: one.node.inputs.map((name) => ids.get(name) ?? name),
    factor: factorOf(one, valueOf),
  }));
  return valueStrides(order, [...pictures.keys()], shapes);
}
