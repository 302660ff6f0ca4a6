import { type GraphNode, nodeName } from "./graph_nodes.ts";
import type { RestoredLayer } from "./restored_layers.ts";

/** A graph in the order of the model that it was converted from. */
export interface RestoredGraph {
  /** The nodes, each after those it takes values from. */
  readonly nodes: readonly GraphNode[];
  /** Under which name the converted graph has the value of a node, where it is another. */
  readonly aliases: ReadonlyMap<string, string>;
  /** The layers that only this graph has. */
  readonly layers: readonly RestoredLayer[];
}

/** What is to be known of the nodes. */
export interface RestoreOptions {
  /** The names of the nodes that the model's outputs are. */
  readonly outputs: ReadonlySet<string>;
  /** Whether a node can be computed from other values than the graph gives it. */
  canMove(node: GraphNode): boolean;
}

/** An activation that stands after maxima in the graph. */
interface Move {
  readonly activation: GraphNode;
  /** The maxima that it came before, in order. */
  readonly maxima: readonly GraphNode[];
  /** What it takes without them. */
  readonly base: GraphNode;
  /** Whether the nodes' names prove it. */
  readonly isCertain: boolean;
}

/** Functions that grow with what they take: their maximum is that of the maximum. */
const growing = new Set([
  "Atan",
  "Elu",
  "Erf",
  "Exp",
  "Expm1",
  "Log",
  "Log1p",
  "Relu",
  "Relu6",
  "Selu",
  "Sigmoid",
  "Softplus",
  "Sqrt",
  "Tanh",
]);

const maximaKinds = new Set(["Max", "MaxPool"]);

/** Whether TensorFlow fuses a relu into a node, and so does not move it away from there. */
function isFusedInto({ op }: GraphNode, base: GraphNode): boolean {
  if (op !== "Relu" && op !== "Relu6") return false;
  if (base.op === "BiasAdd" || base.op.startsWith("FusedBatchNorm")) return true;
  const fused = (base.attrParams["fusedOps"]?.value ?? []) as readonly string[];
  return fused.at(-1)?.toLowerCase() === "biasadd";
}

/** The path of the layer that a node is of: `block/conv` of `block/conv/Relu`, `block/conv:1` of `block/conv/Relu_1`. */
function layerOf({ name }: GraphNode): string {
  const slash = name.lastIndexOf("/");
  const call = /_(\d+)$/.exec(name.slice(slash + 1))?.[1];
  return name.slice(0, Math.max(slash, 0)) + (call === undefined || slash < 0 ? "" : `:${call}`);
}

/** Whether nodes are of as many layers. */
function areApart(nodes: readonly GraphNode[]): boolean {
  const layers = nodes.map(layerOf);
  return !layers.includes("") && new Set(layers).size === layers.length;
}

/** Where an activation came from, if it was moved. */
function findMove(
  activation: GraphNode,
  users: ReadonlyMap<string, number>,
  { outputs, canMove }: RestoreOptions,
): Move | undefined {
  if (!growing.has(activation.op) || outputs.has(activation.name) || !canMove(activation)) return undefined;
  const maxima: GraphNode[] = [];
  let base = activation.inputs[0]!;
  while (maximaKinds.has(base.op) && users.get(base.name) === 1 && !outputs.has(base.name) && canMove(base)) {
    maxima.unshift(base);
    base = base.inputs[0]!;
  }
  const isCertain = base.name.startsWith(activation.name.slice(0, activation.name.lastIndexOf("/") + 1));
  while (!isCertain && maxima.length > 0 && isFusedInto(activation, base)) base = maxima.shift()!;
  if (maxima.length === 0 || !areApart([activation, ...maxima])) return undefined;
  return { activation, maxima, base, isCertain };
}

function countUsers(nodes: readonly GraphNode[]): Map<string, number> {
  const users = new Map<string, number>();
  for (const { name } of nodes.flatMap(({ inputs }) => inputs)) users.set(name, (users.get(name) ?? 0) + 1);
  return users;
}

/** The nodes with each activation before its maxima, and whatever took its value taking theirs. */
function moveBack(nodes: readonly GraphNode[], moves: readonly Move[]): GraphNode[] {
  const moved = new Set(moves.map(({ activation }) => activation));
  const before = new Map(moves.map((move) => [move.maxima[0]!, move]));
  const after = new Map(moves.map(({ activation, maxima }) => [activation.name, maxima.at(-1)!.name]));
  const made = new Map<string, GraphNode>();
  function make(node: GraphNode, inputNames: readonly string[]): GraphNode {
    const inputs = node.inputs.map((input, index) =>
      made.get(nodeName(inputNames[index]!)) ?? made.get(input.name) ?? input
    );
    const copy = { ...node, inputs, inputNames };
    made.set(node.name, copy);
    return copy;
  }
  return nodes.flatMap((node) => {
    if (moved.has(node)) return [];
    const move = before.get(node);
    if (!move) return [make(node, node.inputNames.map((name) => after.get(nodeName(name)) ?? name))];
    const { activation } = move;
    const [base, ...rest] = node.inputNames.map((name) => after.get(nodeName(name)) ?? name);
    return [make(activation, [base!]), make(node, [activation.name, ...rest])];
  });
}

/** The layers whose values only the restored graph has. */
function restoredLayers({ activation, maxima, base, isCertain }: Move): RestoredLayer[] {
  const before = maxima[0]!.name;
  const [one, other] = [layerOf(activation), layerOf(maxima[0]!)];
  const doubt = isCertain
    ? undefined
    : `The converted graph leaves open whether "${one}" came before "${other}" or after it: it is taken to come before`;
  const restore = (node: GraphNode, like: GraphNode) => ({
    path: layerOf(node),
    node,
    like: like.name,
    before,
    doubt,
  });
  return [restore(activation, base), ...maxima.map((node) => restore(node, node))];
}

/**
 * Put activations back before the maxima that they came before: TensorFlow's optimiser moves those that grow with what
 * they take behind the maximum, where there are fewer values, and leaves all names as they are. The nodes of both layers
 * then hold other values than the layers did. The model computes the same either way.
 *
 * Where an activation and the maximum are layers of their own, nothing in the graph tells which came first. The activation
 * is taken to, as in most models, and the user is told.
 *
 * @param nodes The nodes that depend on the model's inputs, in order.
 * @returns `undefined` if there are none.
 */
export function restoreMaxima(
  nodes: readonly GraphNode[],
  options: RestoreOptions,
): RestoredGraph | undefined {
  const users = countUsers(nodes);
  const moves = nodes.flatMap((node) => findMove(node, users, options) ?? []);
  if (moves.length === 0) return undefined;
  return {
    nodes: moveBack(nodes, moves),
    aliases: new Map(moves.map(({ activation, maxima }) => [maxima.at(-1)!.name, activation.name])),
    layers: moves.flatMap(restoredLayers),
  };
}
