import { joinGaussianUnits } from "./gaussian_units.ts";
import { type GraphNode, sortNodes } from "./graph_node.ts";
import { joinGroupNorms } from "./group_norms.ts";
import { joinLayerNorms } from "./layer_norms.ts";
import type { JoinContext, NodeJoin } from "./node_join.ts";

/** All that is joined, in the order in which it is looked for. */
const joins: readonly NodeJoin[] = [joinGroupNorms, joinGaussianUnits, joinLayerNorms];

/** The nodes that lead to what is wanted, each after those whose values it takes, several that are one operator joined. */
export function joinNodes(nodes: readonly GraphNode[], context: JoinContext): readonly GraphNode[] {
  return joins.reduce<readonly GraphNode[]>((left, join) => {
    const joined = join(left, context);
    return joined === left ? left : sortNodes(joined, context.wanted);
  }, sortNodes(nodes, context.wanted));
}
