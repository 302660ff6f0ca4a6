import type * as tf from "../base/tfjs.ts";
import { Computation } from "../operations/computation.ts";
import type { Operation, RectifierKind } from "../operations/operation.ts";
import type { Weight } from "../operations/weight.ts";
import { type GraphNode, isLaterOutput, nodeName } from "./graph_nodes.ts";

/** What an operation takes: a value by its id, or what does not depend on the model's inputs. */
export type Operand = string | Weight;

/** A node, and what it takes. */
export interface NodeContext {
  readonly node: GraphNode;
  /** The value it takes first. */
  readonly input: string;
  /** The value it gives first. */
  readonly output: string;
  /** Whether one of its inputs depends on the model's. */
  isLive(index: number): boolean;
  /** One of the model's weights among its inputs; `undefined` for what is computed. */
  constant(index: number): tf.Tensor | undefined;
  /** One of its inputs, whatever it is; `undefined` where it has none there. */
  operand(index: number): Operand | undefined;
  /** What does not depend on the model's inputs, as numbers; `undefined` where they cannot be read at once. */
  numbers(index: number): number[] | undefined;
  /** How many pictures the graph takes at once; 1 where it takes any number. */
  readonly batch: number;
  /** An attribute, as the converter read it. */
  attribute<T>(name: string): T | undefined;
}

/** The operations of a node; `undefined` where TensorFlow.js is to execute it. */
export type NodeTranslator = (context: NodeContext) => Operation[] | undefined;

/** A value's id: a node's first output bears the node's name alone. */
export function valueId(value: string): string {
  return isLaterOutput(value) ? value : nodeName(value);
}

/**
 * An operation of which some inputs may be weights.
 *
 * @param operands What it takes, in order.
 * @param output The id of the value that it gives.
 * @param compute Computes it of all of them.
 * @param rectifier Set where it does a rectifier's work.
 */
export function computationOf(
  operands: readonly Operand[],
  output: string,
  compute: (...values: tf.Tensor[]) => tf.Tensor,
  rectifier?: RectifierKind,
): Computation {
  const live = operands.filter((operand) => typeof operand === "string");
  const run = (...values: tf.Tensor[]) => {
    const given = values.values();
    return compute(
      ...operands.map((operand) => typeof operand === "string" ? given.next().value! : operand.read()),
    );
  };
  return new Computation(live, output, run, rectifier);
}
