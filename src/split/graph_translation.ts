import type * as tf from "../base/tfjs.ts";
import type { Operation } from "../operations/operation.ts";
import { type GraphNode, isLaterOutput, nodeName } from "./graph_nodes.ts";

/** A node, and what it takes. */
export interface NodeContext {
  readonly node: GraphNode;
  /** The value it takes first. */
  readonly input: string;
  /** The value it gives first. */
  readonly output: string;
  /** Whether one of its inputs depends on the model's. */
  isLive(index: number): boolean;
  /** A constant among its inputs; `undefined` for what is computed. */
  constant(index: number): tf.Tensor | undefined;
  /** Likewise as numbers; `undefined` also where they cannot be read at once. */
  numbers(index: number): number[] | undefined;
  /** An attribute, as the converter read it. */
  attribute<T>(name: string): T | undefined;
}

/** The operations of a node; `undefined` where TensorFlow.js is to execute it. */
export type NodeTranslator = (context: NodeContext) => Operation[] | undefined;

/** A value's id: a node's first output bears the node's name alone. */
export function valueId(value: string): string {
  return isLaterOutput(value) ? value : nodeName(value);
}
