import type { LayerInfo } from "../../split/model.ts";
import { findTokenGrids, type TokenValue } from "../../split/token_grids.ts";
import { Attributes } from "./attributes.ts";
import { type GraphNode, nodeName } from "./graph_node.ts";
import { storedShape } from "./layout.ts";
import { ParameterCounts } from "./parameter_counts.ts";
import type { LiveNode } from "./live_node.ts";
import { modulesOf } from "./modules.ts";
import { pictureKeeping, pictureTaking } from "./pictures.ts";
import { factorOf, nodeStrides } from "./node_strides.ts";
import type { TranslatedValues } from "./translation.ts";
import type { Live, Value } from "./value.ts";

/** The layers of a model, and what stands behind their names. */
export interface LayerList {
  readonly layers: readonly LayerInfo[];
  /** The ids of values by the paths of layers. */
  readonly values: ReadonlyMap<string, string>;
  /** The paths of layers by other names: those of nodes and of values. */
  readonly aliases: ReadonlyMap<string, string>;
  /** The nodes of layers that are nodes, by the paths of those. */
  readonly nodes: ReadonlyMap<string, GraphNode>;
  /** The ids of values that are pictures, not matrices of attention and the like, which have four axes too. */
  readonly pictures: ReadonlySet<string>;
  /** Whether nodes lie in modules of PyTorch's. */
  readonly hasModules: boolean;
}

/** The node whose value leaves each module last: what the module gives. */
function findExits(nodes: readonly LiveNode[], outputs: ReadonlySet<string>): Map<string, LiveNode> {
  const users = new Map<string, LiveNode[]>();
  for (const user of nodes) {
    for (const name of user.node.inputs) users.set(name, [...users.get(name) ?? [], user]);
  }
  const exits = new Map<string, LiveNode>();
  for (const one of nodes) {
    for (const { path } of one.modules) {
      const isOutside = (user: LiveNode) => !user.modules.some((module) => module.path === path);
      const leaves = one.node.outputs.some((name) => outputs.has(name) || users.get(name)?.some(isOutside));
      if (leaves) exits.set(path, one);
    }
  }
  return exits;
}

/** How many nodes lie in each module. */
function countNodes(nodes: readonly LiveNode[]): Map<string, number> {
  const counts = new Map<string, number>();
  for (const { modules } of nodes) {
    for (const { path } of modules) counts.set(path, (counts.get(path) ?? 0) + 1);
  }
  return counts;
}

/** A name that no other layer has. */
function freeName(name: string, taken: ReadonlyMap<string, unknown>): string {
  if (!taken.has(name)) return name;
  let count = 1;
  while (taken.has(`${name}:${count}`)) count++;
  return `${name}:${count}`;
}

/**
 * The layers of a model: its nodes, and the modules of PyTorch's that they lie in, each after what it consists of. A module
 * of one node stands for both.
 *
 * @param translated The nodes and what they give.
 * @param pictures The ids of the model's inputs that have height and width, and their shapes as they are stored.
 * @param outputs The names of the model's outputs.
 * @param valueOf Values by name, constants among them.
 */
export function listLayers(
  translated: readonly TranslatedValues[],
  pictures: ReadonlyMap<string, readonly number[]>,
  outputs: readonly string[],
  valueOf: (name: string) => Value | undefined = () => undefined,
): LayerList {
  const nodes = translated.flatMap(({ node, values }): LiveNode[] => {
    const [value] = values;
    return value ? [{ node, value, modules: modulesOf(node) }] : [];
  });
  const strides = nodeStrides(nodes, pictures, valueOf);
  const places = findTokenGrids(tokenValues(nodes, valueOf), strides);
  const parameters = new ParameterCounts(nodes, valueOf);
  const exits = findExits(nodes, new Set(outputs)), counts = countNodes(nodes);
  const layers: LayerInfo[] = [];
  const values = new Map<string, string>(), aliases = new Map<string, string>();
  const paths = new Map<string, string>(); // by the ids of values
  const ofNodes = new Map<string, GraphNode>();
  for (const one of nodes) {
    const { node, value, modules } = one;
    const add = (path: string, kind: string, parent: string, count: number) => {
      const own = freeName(path, values);
      const [, ...rest] = storedShape(value);
      layers.push({
        path: own,
        kind,
        outputShape: value.shape.length === 0 ? [] : [firstOf(value), ...rest],
        parent,
        parameters: count,
        stride: strides.get(value.id) ?? places.get(value.id)?.stride,
        ...(places.get(value.id)?.tokens && { tokens: places.get(value.id)!.tokens }),
      });
      values.set(own, value.id);
      return own;
    };
    const inner = modules.at(-1);
    const isAlone = inner !== undefined && counts.get(inner.path) === 1 && exits.get(inner.path) === one;
    // A node that only hands a value on, as a transposition that moves nothing, is another name of it.
    const isHandedOn = paths.has(value.id) || pictures.has(value.id);
    let path = paths.get(value.id);
    if (!isAlone && !isHandedOn) {
      path = add(nodeName(node), node.op, inner?.path ?? "", parameters.ofNode(node));
      ofNodes.set(path, node);
    }
    modules.toReversed().forEach((module, depth) => {
      if (exits.get(module.path) !== one) return;
      const kind = isAlone && depth === 0 ? node.op : module.kind ?? "Module";
      const parent = modules.at(-2 - depth)?.path ?? "";
      const added = add(module.path, kind, parent, parameters.ofModule(module.path));
      path ??= added;
    });
    if (path !== undefined && !isHandedOn) paths.set(value.id, path);
    for (const name of [nodeName(node), ...node.outputs]) {
      if (path && !aliases.has(name)) aliases.set(name, path);
    }
  }
  return {
    layers,
    values,
    aliases,
    nodes: ofNodes,
    pictures: findPictures(nodes, new Set([...pictures.keys(), ...strides.keys(), ...places.keys()])),
    hasModules: nodes.some(({ modules }) => modules.length > 0),
  };
}

/**
 * The ids of values that are pictures: those whose place on the model's input is known, what operators of pictures give, and
 * what is made of those with no axis moved.
 */
function findPictures(nodes: readonly LiveNode[], placed: ReadonlySet<string>): ReadonlySet<string> {
  const pictures = new Set(placed), names = new Set(placed);
  for (const { node: { op, inputs, outputs }, value } of nodes) {
    if (value.shape.length !== 4) continue;
    const goesOn = pictureKeeping.test(op) && inputs.some((name) => names.has(name));
    if (!pictures.has(value.id) && !pictureTaking.test(op) && !goesOn) continue;
    pictures.add(value.id);
    for (const name of outputs) names.add(name);
  }
  return pictures;
}

/** The axis of several pictures is free. */
function firstOf(value: Live): number | null {
  const [first] = storedShape(value);
  return first === 1 ? null : first!;
}

/** The nodes as far as tokens go. */
function tokenValues(
  nodes: readonly LiveNode[],
  valueOf: (name: string) => Value | undefined,
): TokenValue[] {
  const live = new Map(nodes.flatMap(({ node, value }) => node.outputs.map((name) => [name, value])));
  return nodes.map((one) => {
    const { node, value } = one;
    return {
      id: value.id,
      kind: node.op,
      shape: storedShape(value),
      inputs: node.inputs.map((name) => live.get(name)?.id),
      inputShapes: node.inputs.map((name) => {
        const input = live.get(name);
        return input ? storedShape(input) : valueOf(name)?.shape;
      }),
      factor: factorOf(one, valueOf),
      axis: node.op === "Concat" ? new Attributes(node.attributes).int("axis", 1) : undefined,
    };
  });
}
