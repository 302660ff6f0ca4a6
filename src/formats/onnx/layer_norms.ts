/**
 * Nodes in a row that are one normalisation: before opset 17 exporters write a layer norm in up to nine nodes, and that of the
 * root mean square is written so still.
 *
 * @module
 */
import type { AttributeProto } from "./model_proto.ts";
import type { GraphNode } from "./graph_node.ts";
import type { JoinContext } from "./node_join.ts";
import { NodeWays, partner } from "./node_ways.ts";
import { type Norm, NormFinder } from "./norm_finder.ts";

function attributeOf(name: string, own: Partial<AttributeProto>): [string, AttributeProto] {
  const none = { reference: "", float: undefined, int: undefined, text: undefined, tensor: undefined };
  return [name, { name, ...none, graph: undefined, floats: [], ints: [], texts: [], ...own }];
}

/** The operator in the place of the last of its nodes. */
function joined(last: GraphNode, { x, axes, epsilon, isCentred, scale = "", shift = "" }: Norm): GraphNode {
  return {
    ...last,
    op: isCentred ? "LayerNormalization" : "RMSNormalization",
    inputs: isCentred ? [x, scale, shift] : [x, scale],
    attributes: new Map([attributeOf("axes", { ints: axes }), attributeOf("epsilon", { float: epsilon })]),
  };
}

/**
 * The same nodes, those that end what is one normalisation in its place; what only led to them is left for whoever drops dead
 * branches.
 */
export function joinLayerNorms(nodes: readonly GraphNode[], context: JoinContext): readonly GraphNode[] {
  if (!nodes.some(({ op }) => op === "ReduceMean")) return nodes;
  const ways = new NodeWays(nodes, context), finder = new NormFinder(ways, context);
  const found = new Map<GraphNode, GraphNode>();
  const follow = (node: GraphNode, op: string) => {
    const next = ways.after(node.outputs[0]!, [op]);
    const constant = next && partner(next, node.outputs[0]!);
    return constant !== undefined && context.isConstant(constant) ? { next: next!, constant } : undefined;
  };
  for (const node of nodes) {
    const norm = finder.find(node);
    if (!norm) continue;
    const scaled = norm.scale === undefined && norm.shift === undefined ? follow(node, "Mul") : undefined;
    const last = scaled?.next ?? node;
    const shifted = norm.isCentred && norm.shift === undefined ? follow(last, "Add") : undefined;
    const whole = { ...norm, scale: norm.scale ?? scaled?.constant, shift: norm.shift ?? shifted?.constant };
    found.set(shifted?.next ?? last, joined(shifted?.next ?? last, whole));
  }
  return found.size === 0 ? nodes : nodes.map((node) => found.get(node) ?? node);
}
