import { quote } from "../../base/quote.ts";
import { damaged } from "./damaged.ts";
import { type GraphNode, nodeName } from "./graph_node.ts";
import type { AttributeProto, FunctionProto, GraphProto, ModelProto, NodeProto } from "./model_proto.ts";

/** How deep functions may call each other, and how many nodes they may become. */
const deepest = 64, mostNodes = 1_000_000;

/** What is changed as a function's nodes are put in the place of its call. */
interface Scope {
  /** The name of a value within the function as it is outside. */
  rename(name: string): string;
  /** An attribute that stands for one of the call's; `undefined` where that leaves it out. */
  resolve(attribute: AttributeProto): AttributeProto | undefined;
  /** Stands before the names of nodes. */
  readonly prefix: string;
}

const outermost: Scope = { rename: (name) => name, resolve: (attribute) => attribute, prefix: "" };

function inScope(node: NodeProto, scope: Scope): NodeProto {
  const attributes = [...node.attributes.values()].flatMap((attribute) => {
    const { graph } = attribute;
    const own = graph ? { ...attribute, graph: graphInScope(graph, scope) } : scope.resolve(attribute);
    return own ? [[attribute.name, own] as const] : [];
  });
  return {
    ...node,
    name: scope.prefix + node.name,
    inputs: node.inputs.map(scope.rename),
    outputs: node.outputs.map(scope.rename),
    attributes: new Map(attributes),
  };
}

function graphInScope(graph: GraphProto, scope: Scope): GraphProto {
  const renamed = <Named extends { readonly name: string }>(list: readonly Named[]) =>
    list.map((one) => ({ ...one, name: scope.rename(one.name) }));
  return {
    ...graph,
    nodes: graph.nodes.map((node) => inScope(node, scope)),
    initializers: renamed(graph.initializers),
    inputs: renamed(graph.inputs),
    outputs: renamed(graph.outputs),
  };
}

/** How a function's names are brought into the place of a call. */
function scopeOf(called: FunctionProto, call: NodeProto, count: number): Scope {
  const own = new Map([
    ...called.inputs.map((name, at) => [name, call.inputs[at] ?? ""] as const),
    ...called.outputs.map((name, at) => [name, call.outputs[at] ?? ""] as const),
  ]);
  const prefix = `${nodeName(call)}/`;
  return {
    // A value that the call leaves out needs a name all the same, which no other has.
    rename: (name) =>
      name === "" ? "" : own.get(name) || (called.inputs.includes(name) ? "" : `${prefix}${name}#${count}`),
    resolve(attribute) {
      if (attribute.reference === "") return attribute;
      const given = call.attributes.get(attribute.reference) ?? called.defaults.get(attribute.reference);
      return given && { ...given, name: attribute.name };
    },
    prefix,
  };
}

/**
 * A model's nodes, those of its functions in the place of the nodes that call them.
 *
 * @throws {Damage} If functions call each other without end.
 */
export function inlineFunctions(model: ModelProto): GraphNode[] {
  const functions = new Map(model.functions.map((one) => [`${one.domain}\0${one.name}`, one]));
  const nodes: GraphNode[] = [];
  let calls = 0;
  function add(node: NodeProto, opsets: ReadonlyMap<string, number>, depth: number): void {
    const called = functions.get(`${node.domain}\0${node.op}`);
    if (!called) {
      if (nodes.length >= mostNodes) damaged("its functions become too many nodes");
      nodes.push({ ...node, opset: opsets.get(node.domain) ?? 0 });
      return;
    }
    if (depth >= deepest) damaged(`its function ${quote(called.name)} calls itself`);
    const scope = scopeOf(called, node, calls++);
    const inner = new Map([...opsets, ...called.opsets]);
    for (const one of called.nodes) add(inScope(one, scope), inner, depth + 1);
  }
  for (const node of model.graph.nodes) add(inScope(node, outermost), model.opsets, 0);
  return nodes;
}
