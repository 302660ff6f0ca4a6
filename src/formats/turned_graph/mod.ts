/**
 * Converted graphs that take their channels first, made to take them last: each node is rewritten for the other order of
 * axes, as far as that is known of it, and takes a transposition of its input otherwise.
 *
 * @module
 */
import { quote } from "../../base/quote.ts";
import { isChannelsFirst } from "../../split/graph_nodes.ts";
import type { StoredWeight } from "../tfjs_weights.ts";
import { Constants } from "./constants.ts";
import { asList, type Attribute, giverOf, listOf, type NodeJson, shapeOf, valuesOf } from "./graph_json.ts";
import { turnedInputs } from "./inputs.ts";
import { joining, padding, reducing, toFirst, toLast, turned, turnedAxis, unary } from "./operations.ts";

/** How a value lies in the graph that is made. */
interface Order {
  /** How many axes it has, as far as that is known. */
  readonly rank: number | undefined;
  /** Whether it is `[N, H, W, C]` where the file has `[N, C, H, W]`. */
  readonly isTurned: boolean;
}

const plain: Order = { rank: undefined, isTurned: false };
const picture: Order = { rank: 4, isTurned: true };

/** A graph whose channels come last. */
export interface TurnedGraph {
  readonly nodes: readonly NodeJson[];
  readonly stored: readonly StoredWeight[];
}

/** A node for the other order, and how it gives its value. */
type Rewritten = readonly [node: NodeJson, order: Order];

class Turning {
  readonly nodes: NodeJson[] = [];
  readonly constants: Constants;
  readonly fail: (what: string) => never;
  readonly #names: Set<string>;
  readonly #orders = new Map<string, Order>();
  readonly #reordered = new Map<string, string>();

  constructor(nodes: readonly NodeJson[], constants: Constants, fail: (what: string) => never) {
    this.constants = constants;
    this.fail = fail;
    this.#names = new Set(nodes.map(({ name }) => name));
  }

  add([node, order]: Rewritten): void {
    this.nodes.push(node);
    this.#orders.set(node.name, order);
  }

  orderOf(value: string | undefined): Order {
    if (value === undefined) return plain;
    return this.#orders.get(giverOf(value)) ?? plain;
  }

  /** A value in one of the two orders. */
  inOrder(value: string, isTurned: boolean): string {
    if (this.orderOf(value).isTurned === isTurned) return value;
    const key = `${value} ${isTurned}`;
    const known = this.#reordered.get(key);
    if (known !== undefined) return known;
    // In a scope of its own, since the last node of a layer's is taken for the layer.
    const name = this.#freeName(
      `channels_${isTurned ? "last" : "first"}/${giverOf(value).replaceAll("/", "_")}`,
    );
    this.#reordered.set(key, name);
    const perm = this.constants.ofIntegers(isTurned ? toLast : toFirst);
    const attr = { T: { type: "DT_FLOAT" }, Tperm: { type: "DT_INT32" } };
    this.add([{ name, op: "Transpose", input: [value, perm], attr }, { rank: 4, isTurned }]);
    return name;
  }

  #freeName(wanted: string): string {
    let name = wanted;
    while (this.#names.has(name)) name += "_";
    this.#names.add(name);
    return name;
  }

  /** What is joined with a turned picture, in its order; `undefined` where it is not known how many axes it has. */
  joined(value: string): string | undefined {
    const { rank, isTurned } = this.orderOf(value);
    if (isTurned || rank === 0) return value;
    const weight = this.constants.find(value);
    if (!weight) return rank === 4 ? this.inOrder(value, true) : undefined;
    const { shape } = weight.spec;
    if (shape.length > 4) return undefined;
    const whole = turned([...Array<number>(4 - shape.length).fill(1), ...shape]);
    const isVector = whole.filter((size) => size > 1).length <= 1;
    const isOfChannels = isVector && whole.slice(0, 3).every((size) => size === 1);
    if (isVector) return this.constants.reshaped(weight, isOfChannels ? whole.slice(3) : whole);
    return shape.length === 4 ? this.inOrder(value, true) : undefined;
  }
}

function withInputs(node: NodeJson, values: readonly string[]): NodeJson {
  const before = (node.input ?? []).filter((name) => name.startsWith("^"));
  return { ...node, input: [...values, ...before] };
}

/** A node that says that its channels come first. */
function turnPictureNode(node: NodeJson, turning: Turning): Rewritten {
  const values = valuesOf(node);
  const isBackwards = node.op === "Conv2DBackpropInput"; // which takes the size of what it gives, the kernel, the picture
  const at = isBackwards ? 2 : 0;
  const taken = values.map((value, index) => {
    if (index === at) return turning.inOrder(value, true);
    if (isBackwards && index === 0) return turnedSizes(value, turning, toLast);
    if (index < 2) return value;
    const rank = turning.constants.find(value)?.spec.shape.length ?? turning.orderOf(value).rank;
    const joined = rank !== undefined && rank < 2 ? value : turning.joined(value);
    return joined ?? turning.fail(
      `its node ${quote(node.name)} has its channels first and takes ${quote(giverOf(value))}, ` +
        "whose number of axes is not known: convert the model with channels last",
    );
  });
  const attr: Record<string, Attribute | undefined> = { ...node.attr };
  attr.data_format = { s: "TkhXQw==" };
  for (const name of ["strides", "dilations", "ksize"]) {
    const list = listOf(attr[name]);
    if (list?.length === 4) attr[name] = asList(turned(list));
  }
  const explicit = listOf(attr.explicit_paddings);
  if (explicit?.length === 8) {
    attr.explicit_paddings = asList(toLast.flatMap((axis) => explicit.slice(2 * axis, 2 * axis + 2)));
  }
  return [{ ...withInputs(node, taken), attr }, picture];
}

/** Sizes as numbers of the graph, taken in another order. */
function turnedSizes(value: string, turning: Turning, order: readonly number[]): string {
  const numbers = turning.constants.integers(value);
  if (numbers?.length === 4) return turning.constants.ofIntegers(order.map((axis) => numbers[axis]!));
  const name = `${giverOf(value)}/in_order_${order.join("")}`;
  if (turning.orderOf(name) === plain) {
    turning.add([gathering(name, value, order, turning), { rank: 1, isTurned: false }]);
  }
  return name;
}

/** A node that takes numbers in another order. */
function gathering(name: string, value: string, order: readonly number[], { constants }: Turning): NodeJson {
  const type = { type: "DT_INT32" };
  return {
    name,
    op: "GatherV2",
    input: [value, constants.ofIntegers(order), constants.ofIntegers([0], [])],
    attr: { Tparams: type, Tindices: type, Taxis: type, batch_dims: { i: "0" } },
  };
}

/** A node whose first input was turned; `undefined` where it is not known how. */
type Turn = (node: NodeJson, values: readonly string[], turning: Turning) => Rewritten | undefined;

const turnUnary: Turn = (node) => [node, picture];

const turnJoining: Turn = (node, values, turning) => {
  const taken = values.map((value) => turning.joined(value));
  return taken.every((value) => value !== undefined)
    ? [withInputs(node, taken as string[]), picture]
    : undefined;
};

const turnReducing: Turn = (node, [value, axes], turning) => {
  const numbers = turning.constants.integers(axes)?.map(turnedAxis);
  const keeps = node.attr?.keep_dims?.b === true;
  const isGlobal = numbers?.toSorted().join() === "1,2";
  if (!numbers || !(keeps || isGlobal)) return undefined;
  const taken = withInputs(node, [value!, turning.constants.ofIntegers(numbers)]);
  return [taken, keeps ? picture : { rank: 2, isTurned: false }];
};

const turnPadding: Turn = (node, [value, amounts, ...others], turning) => {
  const numbers = turning.constants.integers(amounts);
  if (numbers?.length !== 8) return undefined;
  const rows = toLast.flatMap((axis) => numbers.slice(2 * axis, 2 * axis + 2));
  return [withInputs(node, [value!, turning.constants.ofIntegers(rows, [4, 2]), ...others]), picture];
};

const turnConcat: Turn = (node, values, turning) => {
  const axis = turning.constants.integers(values.at(-1))?.[0];
  if (axis === undefined) return undefined;
  const taken = values.slice(0, -1).map((value) => turning.inOrder(value, true));
  return [withInputs(node, [...taken, turning.constants.ofIntegers([turnedAxis(axis)], [])]), picture];
};

const turnTranspose: Turn = (node, [value, perm], turning) => {
  const order = turning.constants.integers(perm);
  if (order?.length !== 4) return undefined;
  const given: Order = { rank: 4, isTurned: false };
  if (order.join() === toLast.join()) return [handingOn(node, value!), given];
  return [withInputs(node, [value!, turning.constants.ofIntegers(order.map(turnedAxis))]), given];
};

const turnSqueeze: Turn = (node) => {
  const axes = listOf(node.attr?.squeeze_dims)?.map(turnedAxis);
  if (axes?.toSorted().join() !== "1,2") return undefined;
  return [{ ...node, attr: { ...node.attr, squeeze_dims: asList(axes) } }, { rank: 2, isTurned: false }];
};

const byOperation: Readonly<Record<string, Turn>> = {
  ...Object.fromEntries([...unary].map((op) => [op, turnUnary])),
  ...Object.fromEntries([...joining].map((op) => [op, turnJoining])),
  ...Object.fromEntries([...reducing].map((op) => [op, turnReducing])),
  ...Object.fromEntries([...padding].map((op) => [op, turnPadding])),
  ConcatV2: turnConcat,
  Squeeze: turnSqueeze,
  Transpose: turnTranspose,
};

function handingOn(node: NodeJson, value: string): NodeJson {
  return { ...withInputs(node, [value]), op: "Identity", attr: { T: node.attr?.T ?? { type: "DT_FLOAT" } } };
}

/** A placeholder of a picture with its channels last. */
function turnInput(node: NodeJson): Rewritten {
  const { attr } = node;
  const shape = attr?.shape?.shape as { dim?: unknown[] } | undefined;
  if (shapeOf(node)?.length !== 4) return [node, picture];
  return [{ ...node, attr: { ...attr, shape: { shape: { ...shape, dim: turned(shape!.dim!) } } } }, picture];
}

/** How many axes a value has whose node is as in the file. */
function rankOf(node: NodeJson, turning: Turning): number | undefined {
  const values = valuesOf(node);
  if (node.op === "Placeholder") return shapeOf(node)?.length;
  if (node.op === "Const") return turning.constants.find(node.name)?.spec.shape.length;
  if (node.op === "Reshape") return turning.constants.find(values[1])?.spec.shape[0];
  const first = turning.orderOf(values[0]).rank;
  if (reducing.has(node.op)) {
    if (node.attr?.keep_dims?.b === true) return first;
    const axes = turning.constants.find(values[1])?.spec.shape;
    return first === undefined || !axes ? undefined : first - (axes[0] ?? 1);
  }
  if (node.op === "ExpandDims") return first === undefined ? undefined : first + 1;
  if (node.op === "MatMul" || node.op === "_FusedMatMul") return 2;
  if (/Conv2[Dd]|Pool$|^Resize/.test(node.op)) return 4;
  if (unary.has(node.op) || node.op === "Transpose" || node.op === "BiasAdd") return first;
  if (!joining.has(node.op)) return undefined;
  const ranks = values.map((value) => turning.orderOf(value).rank);
  return ranks.every((rank) => rank !== undefined) ? Math.max(...ranks as number[]) : undefined;
}

/** A node that takes all its values as the file has them. */
function keep(node: NodeJson, turning: Turning): Rewritten {
  const values = valuesOf(node);
  if (node.op === "Transpose" && turning.constants.integers(values[1])?.join() === toFirst.join()) {
    return [handingOn(node, values[0]!), picture];
  }
  const taken = values.map((value) => turning.inOrder(value, false));
  return [withInputs(node, taken), { rank: rankOf(node, turning), isTurned: false }];
}

function turnNode(node: NodeJson, turning: Turning): Rewritten {
  if (isChannelsFirst(node.op, node.attr)) return turnPictureNode(node, turning);
  const values = valuesOf(node);
  const isTaken = values.some((value) => turning.orderOf(value).isTurned);
  if (!isTaken) return keep(node, turning);
  return byOperation[node.op]?.(node, values, turning) ?? keep(node, turning);
}

/** Add the nodes that give the shape of a picture in the file's order. */
function addShape(node: NodeJson, turning: Turning): void {
  const own = { ...node, name: `${node.name}/channels_last` };
  turning.add([own, { rank: 1, isTurned: false }]);
  turning.add([gathering(node.name, own.name, toFirst, turning), { rank: 1, isTurned: false }]);
}

/**
 * A graph whose channels come first as one whose channels come last.
 *
 * @param nodes All nodes, each after those it takes values from.
 * @param stored Its weights.
 * @param fail Says why it cannot be done.
 * @returns `undefined` where its channels come last.
 */
export function graphInChannelsLast(
  nodes: readonly NodeJson[],
  stored: readonly StoredWeight[],
  fail: (what: string) => never,
): TurnedGraph | undefined {
  const constants = new Constants(new Map(nodes.map((node) => [node.name, node])), stored);
  const inputs = turnedInputs(nodes, constants);
  if (inputs.size === 0 && !nodes.some(({ op, attr }) => isChannelsFirst(op, attr))) return undefined;
  const turning = new Turning(nodes, constants, fail);
  for (const node of nodes) {
    const isShape = node.op === "Shape" && turning.orderOf(valuesOf(node)[0]).isTurned;
    if (inputs.has(node.name)) turning.add(turnInput(node));
    else if (isShape) addShape(node, turning);
    else turning.add(turnNode(node, turning));
  }
  const made = withoutUnused([...constants.nodes, ...turning.nodes], givers(nodes));
  const removed = givers(nodes).difference(new Set(made.map(({ name }) => name)));
  return {
    nodes: made,
    stored: [...stored, ...constants.stored].filter(({ spec }) => !removed.has(spec.name)),
  };
}

/** The nodes whose values others take. */
function givers(nodes: readonly NodeJson[]): Set<string> {
  return new Set(nodes.flatMap(({ input }) => (input ?? []).map((name) => giverOf(name.replace(/^\^/, "")))));
}

/** A graph without the nodes that no other takes any more: TensorFlow.js would hold them for its outputs. */
function withoutUnused(nodes: readonly NodeJson[], taken: ReadonlySet<string>): readonly NodeJson[] {
  for (let kept = nodes;;) {
    const used = givers(kept);
    const left = kept.filter(({ name }) => used.has(name) || !taken.has(name));
    if (left.length === kept.length) return left;
    kept = left;
  }
}
