import type { AttributeProto, GraphProto, NodeProto } from "./model_proto.ts";
import { damaged } from "./damaged.ts";
import { quote } from "../../base/quote.ts";

/** A node with the version of the operators that it is written for. */
export interface GraphNode extends NodeProto {
  readonly opset: number;
  readonly attributes: ReadonlyMap<string, AttributeProto>;
}

/** What to call a node: by its name, or by the value it gives. */
export function nodeName({ name, outputs }: Pick<NodeProto, "name" | "outputs">): string {
  return name || outputs.find((output) => output !== "") || "";
}

/** The values that a graph within a node takes from around it. */
function capturedBy(graph: GraphProto): string[] {
  const own = new Set([...graph.initializers, ...graph.inputs].map(({ name }) => name));
  for (const { outputs } of graph.nodes) for (const output of outputs) own.add(output);
  const taken = [...graph.nodes.flatMap(takenBy), ...graph.outputs.map(({ name }) => name)];
  return taken.filter((name) => !own.has(name));
}

/** All values that a node takes, those of the graphs within it too. */
export function takenBy({ inputs, attributes }: NodeProto): string[] {
  const inner = [...attributes.values()].flatMap(({ graph }) => graph ? capturedBy(graph) : []);
  return [...inputs.filter((name) => name !== ""), ...inner];
}

/**
 * The nodes that lead to some values, each after those whose values it takes.
 *
 * @param nodes All nodes.
 * @param wanted The values.
 * @throws {Damage} If nodes take each other's values, or two give one.
 */
export function sortNodes<Node extends NodeProto>(nodes: readonly Node[], wanted: readonly string[]): Node[] {
  const producers = new Map<string, Node>();
  for (const node of nodes) {
    for (const output of node.outputs) {
      if (output === "") continue;
      if (producers.has(output)) damaged(`two of its nodes give ${quote(output)}`);
      producers.set(output, node);
    }
  }
  const state = new Map<Node, "open" | "done">();
  const sorted: Node[] = [];
  const stack = wanted.toReversed().flatMap((name) => producers.get(name) ?? []);
  while (stack.length > 0) {
    const node = stack.at(-1)!;
    if (state.get(node) === "done") {
      stack.pop();
      continue;
    }
    const before = takenBy(node).flatMap((name) => producers.get(name) ?? []);
    const missing = before.filter((one) => state.get(one) !== "done");
    if (missing.length === 0) {
      state.set(node, "done");
      sorted.push(node);
      stack.pop();
      continue;
    }
    if (state.get(node) === "open") {
      const own = missing.find((one) => state.get(one) === "open");
      if (own) damaged(`its node ${quote(nodeName(own))} takes its own output`);
    }
    state.set(node, "open");
    stack.push(...missing.toReversed());
  }
  return sorted;
}
