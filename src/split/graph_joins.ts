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

/** An activation that stands after the concatenation of what it was applied to. */
interface Join {
  readonly activation: GraphNode;
  readonly concatenation: GraphNode;
  /** What is concatenated. */
  readonly bases: readonly GraphNode[];
}

/** Nodes of layers that may have an activation of their own. */
const activatedKinds: ReadonlySet<string> = new Set([
  "BiasAdd",
  "Conv2D",
  "Conv2DBackpropInput",
  "DepthwiseConv2dNative",
  "FusedDepthwiseConv2dNative",
  "_FusedConv2D",
]);

/** The concatenation that an activation stands after, where nothing else takes it. */
function concatenationBefore(
  { op, inputs: [input] }: GraphNode,
  users: ReadonlyMap<string, number>,
): GraphNode | undefined {
  return growing.has(op) && input?.op === "ConcatV2" && users.get(input.name) === 1 ? input : undefined;
}

function findJoin(
  activation: GraphNode,
  users: ReadonlyMap<string, number>,
  { outputs, canMove }: RestoreOptions,
): Join | undefined {
  const concatenation = concatenationBefore(activation, users);
  if (!concatenation || !canMove(concatenation) || !canMove(activation)) return undefined;
  if (outputs.has(activation.name) || outputs.has(concatenation.name)) return undefined;
  const bases = concatenation.inputs.slice(0, -1);
  const scope = scopeOf(activation);
  const isProven = scope !== "" && !concatenation.name.startsWith(scope) &&
    bases.some(({ name }) => name.startsWith(scope));
  return isProven ? { activation, concatenation, bases } : undefined;
}

/** The name of the activation of one of what is concatenated. */
function partName({ activation, bases }: Join, base: GraphNode): string {
  return base.name.startsWith(scopeOf(activation))
    ? activation.name
    : `${activation.name}@${bases.indexOf(base)}`;
}

/** The layers whose values only the restored graph has: of other branches it is likely that the activation was theirs. */
function restoredLayers(join: Join): RestoredLayer[] {
  const { activation, concatenation, bases } = join;
  const before = concatenation.name;
  const own = bases.find((base) => base.name.startsWith(scopeOf(activation)))!;
  const parts = bases.filter((base) => base === own || activatedKinds.has(base.op)).map((
    base,
  ): RestoredLayer => ({
    path: layerOf(base),
    node: { ...activation, name: partName(join, base) },
    like: base.name,
    before,
    doubt: base === own
      ? undefined
      : `The converted graph leaves open whether layer ${
        quote(layerOf(base))
      } ends in a ${activation.op}: it is taken to`,
  }));
  return [...parts, {
    path: layerOf(concatenation),
    node: concatenation,
    like: concatenation.name,
    before,
    doubt: undefined,
  }];
}

/**
 * Put activations back before the concatenation that they came before: TensorFlow's optimiser computes the same function
 * of several values as one of all together, under the name of the first, and the names of the others are gone.
 *
 * @param nodes The nodes that depend on the model's inputs, in order.
 * @returns `undefined` if there are none.
 */
export function restoreJoins(
  nodes: readonly GraphNode[],
  options: RestoreOptions,
): RestoredGraph | undefined {
  const users = countUsers(nodes);
  const joins = nodes.flatMap((node) => findJoin(node, users, options) ?? []);
  if (joins.length === 0) return undefined;
  const renamed = new Map(
    joins.map(({ activation, concatenation }) => [activation.name, concatenation.name]),
  );
  const edits = new Map(joins.flatMap((join): [GraphNode, Edit[]][] => {
    const { activation, concatenation, bases } = join;
    const inputNames = renamedInputs(concatenation, renamed);
    const parts = bases.map((base, index): Edit => ({
      like: activation,
      name: partName(join, base),
      inputNames: [inputNames[index]!],
    }));
    const joined = [...parts.map(({ name }) => name), inputNames.at(-1)!];
    return [[activation, []], [concatenation, [
      ...parts,
      { like: concatenation, name: concatenation.name, inputNames: joined },
    ]]];
  }));
  return {
    nodes: editGraph(nodes, edits, renamed),
    aliases: new Map(joins.map(({ activation, concatenation }) => [concatenation.name, activation.name])),
    layers: joins.flatMap(restoredLayers),
  };
}

/**
 * What to know of a node that may be an activation moved behind a concatenation, or such a concatenation, where nothing in
 * the graph tells.
 *
 * @param nodes All nodes.
 */
export function joinDoubts(nodes: readonly GraphNode[]): ReadonlyMap<string, string> {
  const users = countUsers(nodes);
  return new Map(nodes.flatMap((activation) => {
    const concatenation = concatenationBefore(activation, users);
    const bases = concatenation?.inputs.slice(0, -1) ?? [];
    if (!concatenation || bases.every((base) => isFusedInto(activation, base))) return [];
    const doubt =
      `The converted graph leaves open whether ${quote(activation.name)} came after ${
        quote(concatenation.name)
      } ` +
      "or before it, in several layers: the map is of what the graph holds";
    return [activation, concatenation].map(({ name }) => [name, doubt] as const);
  }));
}
