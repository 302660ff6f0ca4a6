import { quote } from "../base/quote.ts";
import {
  countUsers,
  type Edit,
  editGraph,
  growing,
  isFusedInto,
  layerOf,
  renamedInputs,
  type RestoredGraph,
  type RestoreOptions,
  scopeOf,
} from "./graph_edits.ts";
import type { GraphNode } from "./graph_nodes.ts";
import type { RestoredLayer } from "./restored_layers.ts";

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

const maximaKinds: ReadonlySet<string> = new Set(["Max", "MaxPool"]);

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
  const isCertain = base.name.startsWith(scopeOf(activation));
  while (!isCertain && maxima.length > 0 && isFusedInto(activation, base)) base = maxima.shift()!;
  if (maxima.length === 0 || !areApart([activation, ...maxima])) return undefined;
  return { activation, maxima, base, isCertain };
}

/** The nodes with each activation before its maxima, and whatever took its value taking theirs. */
function moveBack(nodes: readonly GraphNode[], moves: readonly Move[]): GraphNode[] {
  const renamed = new Map(moves.map(({ activation, maxima }) => [activation.name, maxima.at(-1)!.name]));
  const edits = new Map(moves.flatMap(({ activation, maxima }): [GraphNode, Edit[]][] => {
    const first = maxima[0]!;
    const [base, ...rest] = renamedInputs(first, renamed);
    return [[activation, []], [first, [
      { like: activation, name: activation.name, inputNames: [base!] },
      { like: first, name: first.name, inputNames: [activation.name, ...rest] },
    ]]];
  }));
  return editGraph(nodes, edits, renamed);
}

/** The layers whose values only the restored graph has. */
function restoredLayers({ activation, maxima, base, isCertain }: Move): RestoredLayer[] {
  const before = maxima[0]!.name;
  const [one, other] = [layerOf(activation), layerOf(maxima[0]!)];
  const doubt = isCertain
    ? undefined
    : `The converted graph leaves open whether ${quote(one)} came before ${
      quote(other)
    } or after it: it is taken to come before`;
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
