import { Attributes } from "./attributes.ts";
import { type GraphNode, takenBy } from "./graph_node.ts";
import type { JoinContext } from "./node_join.ts";

/** A normalisation of instances between two nodes that give another shape. */
interface Trio {
  readonly before: GraphNode;
  readonly norm: GraphNode;
  readonly after: GraphNode;
}

function isReshape({ op, domain, inputs, attributes }: GraphNode): boolean {
  const keepsZeros = new Attributes(attributes).int("allowzero", 0) === 1;
  return op === "Reshape" && domain === "" && (inputs[1] ?? "") !== "" && !keepsZeros;
}

/** The trio as one node, which knows by its inputs what it is of: the value, the weights, and both shapes. */
function joined({ before, norm, after }: Trio): GraphNode {
  const [x, apart] = before.inputs as [string, string];
  const [, scale = "", shift = ""] = norm.inputs;
  return {
    ...after,
    op: "GroupNormalization",
    inputs: [x, scale, shift, apart, after.inputs[1]!],
    attributes: norm.attributes,
  };
}

/**
 * Join what exporters write for a group norm of PyTorch's before opset 18: channels are laid together in groups, each group is
 * normalised as an instance is, and the shape is given back. As one operation it needs no channels that come first.
 */
export function joinGroupNorms(
  nodes: readonly GraphNode[],
  { wanted }: JoinContext,
): readonly GraphNode[] {
  if (!nodes.some(({ op }) => op === "InstanceNormalization")) return nodes;
  const producers = new Map(nodes.flatMap((node) => node.outputs.map((name) => [name, node] as const)));
  const takers = new Map<string, GraphNode[]>();
  for (const node of nodes) {
    for (const name of takenBy(node)) takers.set(name, [...takers.get(name) ?? [], node]);
  }
  const onlyTaker = ({ outputs: [name] }: GraphNode) => {
    const all = takers.get(name!) ?? [];
    return all.length === 1 && !wanted.includes(name!) ? all[0] : undefined;
  };
  const gone = new Set<GraphNode>(), trios = new Map<GraphNode, Trio>();
  for (const norm of nodes) {
    if (norm.op !== "InstanceNormalization" || norm.domain !== "") continue;
    const before = producers.get(norm.inputs[0] ?? ""), after = onlyTaker(norm);
    if (!before || !after || !isReshape(before) || !isReshape(after) || onlyTaker(before) !== norm) continue;
    if (after.inputs[0] !== norm.outputs[0]) continue;
    gone.add(before).add(norm);
    trios.set(after, { before, norm, after });
  }
  return nodes.flatMap((node) => {
    const trio = trios.get(node);
    return trio ? [joined(trio)] : gone.has(node) ? [] : [node];
  });
}
