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
  /** Whether a node of the converted graph can be computed from other values than the graph gives it. */
  canMove(node: GraphNode): boolean;
}

/** A node that stands in another's place. */
export interface Edit {
  /** The node that it is like. */
  readonly like: GraphNode;
  readonly name: string;
  readonly inputNames: readonly string[];
}

/** Functions of each element that grow with what they take. */
export const growing: ReadonlySet<string> = new Set([
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

/** The scope of a node's name, with the slash; `""` where it has none. */
export function scopeOf({ name }: GraphNode): string {
  return name.slice(0, name.lastIndexOf("/") + 1);
}

/** The path of the layer that a node is of: `block/conv` of `block/conv/Relu`, `block/conv:1` of `block/conv/Relu_1`. */
export function layerOf(node: GraphNode): string {
  const scope = scopeOf(node);
  const call = /_(\d+)$/.exec(node.name.slice(scope.length))?.[1];
  return scope.slice(0, -1) + (call === undefined || scope === "" ? "" : `:${call}`);
}

/** Whether TensorFlow fuses a relu into a node, and so does not move it away from there. */
export function isFusedInto({ op }: GraphNode, base: GraphNode): boolean {
  if (op !== "Relu" && op !== "Relu6") return false;
  if (base.op === "BiasAdd" || base.op.startsWith("FusedBatchNorm")) return true;
  const fused = (base.attrParams["fusedOps"]?.value ?? []) as readonly string[];
  return fused.at(-1)?.toLowerCase() === "biasadd";
}

/** How many inputs of other nodes each node is. */
export function countUsers(nodes: readonly GraphNode[]): ReadonlyMap<string, number> {
  const users = new Map<string, number>();
  for (const { name } of nodes.flatMap(({ inputs }) => inputs)) users.set(name, (users.get(name) ?? 0) + 1);
  return users;
}

/** What a node takes once some values bear other names. */
export function renamedInputs(
  { inputNames }: GraphNode,
  renamed: ReadonlyMap<string, string>,
): string[] {
  return inputNames.map((input) => renamed.get(nodeName(input)) ?? input);
}

/**
 * A graph with some nodes in other places.
 *
 * @param nodes The nodes, which stay as they are.
 * @param edits What stands in the place of some, in order; none where the node goes.
 * @param renamed What all others take in the place of a value, by the latter's name.
 */
export function editGraph(
  nodes: readonly GraphNode[],
  edits: ReadonlyMap<GraphNode, readonly Edit[]>,
  renamed: ReadonlyMap<string, string>,
): GraphNode[] {
  const known = new Map(
    [...nodes.flatMap(({ inputs }) => inputs), ...nodes].map((node) => [node.name, node]),
  );
  function make({ like, name, inputNames }: Edit): GraphNode {
    const made = {
      ...like,
      name,
      inputNames,
      inputs: inputNames.map((input) => known.get(nodeName(input))!),
    };
    known.set(name, made);
    return made;
  }
  return nodes.flatMap((node) => {
    const same = { like: node, name: node.name, inputNames: renamedInputs(node, renamed) };
    return (edits.get(node) ?? [same]).map(make);
  });
}
