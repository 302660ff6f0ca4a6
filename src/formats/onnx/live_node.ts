import type { GraphNode } from "./graph_node.ts";
import type { ModuleScope } from "./modules.ts";
import type { Live } from "./value.ts";

/** A node whose value depends on the model's inputs. */
export interface LiveNode {
  readonly node: GraphNode;
  readonly value: Live;
  readonly modules: readonly ModuleScope[];
}
