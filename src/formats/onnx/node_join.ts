import type { GraphNode } from "./graph_node.ts";

/** What is known of the graph that nodes are joined in. */
export interface JoinContext {
  /** Values that must stay. */
  readonly wanted: readonly string[];
  /** The number that a name stands for, where it is a single one. */
  numberOf(name: string): number | undefined;
  /** The numbers that a name stands for, where they are few. */
  numbersOf(name: string): readonly number[] | undefined;
  /** Whether a name stands for what is known before anything is computed. */
  isConstant(name: string): boolean;
}

/**
 * Puts one node in the place of several that exporters write for what is one operator.
 *
 * @param nodes Nodes that lead to what is wanted, each after those whose values it takes. What it gives is in such an order
 * too, and may hold nodes that lead to nothing any more.
 */
export type NodeJoin = (nodes: readonly GraphNode[], context: JoinContext) => readonly GraphNode[];
