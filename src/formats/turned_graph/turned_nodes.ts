/**
 * The registry of nodes that can take their pictures with the channels last. A new one is an entry in
 * {@linkcode byOperation}.
 *
 * @module
 */
import { quote } from "../../base/quote.ts";
import { asList, type Attribute, giverOf, listOf, type NodeJson, valuesOf } from "./graph_json.ts";
import { joining, padding, reducing, swapped, toLast, turned, turnedAxis, unary } from "./operations.ts";
import { type Order, picture, plain, type Rewritten, type Turning } from "./turning.ts";

/** A node that takes other values. */
export function withInputs(node: NodeJson, values: readonly string[]): NodeJson {
  const before = (node.input ?? []).filter((name) => name.startsWith("^"));
  return { ...node, input: [...values, ...before] };
}

/** A node that says that its channels come first. */
export function turnPictureNode(node: NodeJson, turning: Turning): Rewritten {
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
export function gathering(
  name: string,
  value: string,
  order: readonly number[],
  { constants }: Turning,
): NodeJson {
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
  const given: Order = { rank: 4, isTurned: false, isSwapped: order.join() === swapped.join() };
  if (order.join() === toLast.join()) return [handingOn(node, value!), given];
  return [withInputs(node, [value!, turning.constants.ofIntegers(order.map(turnedAxis))]), given];
};

const turnSqueeze: Turn = (node) => {
  const axes = listOf(node.attr?.squeeze_dims)?.map(turnedAxis);
  if (axes?.toSorted().join() !== "1,2") return undefined;
  return [{ ...node, attr: { ...node.attr, squeeze_dims: asList(axes) } }, { rank: 2, isTurned: false }];
};

/** How nodes are turned whose values say nothing of where their channels are, by operation. */
export const byOperation: Readonly<Record<string, Turn>> = {
  ...Object.fromEntries([...unary].map((op) => [op, turnUnary])),
  ...Object.fromEntries([...joining].map((op) => [op, turnJoining])),
  ...Object.fromEntries([...reducing].map((op) => [op, turnReducing])),
  ...Object.fromEntries([...padding].map((op) => [op, turnPadding])),
  ConcatV2: turnConcat,
  Squeeze: turnSqueeze,
  Transpose: turnTranspose,
};

/** A node that hands a value on under its own name. */
export function handingOn(node: NodeJson, value: string): NodeJson {
  return { ...withInputs(node, [value]), op: "Identity", attr: { T: node.attr?.T ?? { type: "DT_FLOAT" } } };
}
