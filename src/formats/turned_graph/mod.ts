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
import { giverOf, type NodeJson, shapeOf, valuesOf } from "./graph_json.ts";
import { turnedInputs } from "./inputs.ts";
import { joining, reducing, swapped, toFirst, turned, turnedAxis, unary } from "./operations.ts";
import { byOperation, gathering, handingOn, turnPictureNode, withInputs } from "./turned_nodes.ts";
import { picture, type Rewritten, Turning } from "./turning.ts";

/** A graph whose channels come last. */
export interface TurnedGraph {
  readonly nodes: readonly NodeJson[];
  readonly stored: readonly StoredWeight[];
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
  const isPermutation = (order: readonly number[]) =>
    turning.constants.integers(values[1])?.join() === order.join();
  if (node.op === "Transpose" && isPermutation(toFirst)) {
    return [handingOn(node, values[0]!), picture];
  }
  const { isSwapped = false, rank } = turning.orderOf(values[0]);
  if (node.op === "Transpose" && rank === 4 && !turning.constants.integers(values[1])) {
    turning.fail(
      `its channels come first, and its node ${
        quote(node.name)
      } changes the order of axes as is known only when it runs: ` +
        "convert the model with its constants folded",
    );
  }
  if (isSwapped && node.op === "Transpose" && isPermutation(swapped)) {
    const perm = turning.constants.ofIntegers(swapped.map(turnedAxis));
    return [withInputs(node, [values[0]!, perm]), picture];
  }
  const taken = values.map((value) => turning.inOrder(value, false));
  const staysSwapped = isSwapped && (unary.has(node.op) || /^(Log)?Softmax$/.test(node.op));
  return [withInputs(node, taken), {
    rank: rankOf(node, turning),
    isTurned: false,
    isSwapped: staysSwapped,
  }];
}

function turnNode(node: NodeJson, turning: Turning): Rewritten {
  if (isChannelsFirst(node.op, node.attr)) return turnPictureNode(node, turning);
  const values = valuesOf(node);
  const areTaken = values.map((value) => turning.orderOf(value).isTurned);
  const isJoined = joining.has(node.op) || node.op === "ConcatV2";
  if (!(isJoined ? areTaken.includes(true) : areTaken[0])) return keep(node, turning);
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
