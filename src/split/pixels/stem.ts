import type * as tf from "../../base/tfjs.ts";
import { Affine } from "../../operations/affine.ts";
import { fuse } from "../../operations/fuse.ts";
import type { Operation } from "../../operations/operation.ts";
import { type Plan, plan } from "../../operations/plan.ts";
import type { OperationGraph } from "../split_operations.ts";

/** What a model computes of its picture alone, up to an operation. */
export interface Stem<Last extends Operation = Operation> {
  /** The operation that it leads to. */
  readonly last: Last;
  /** What comes before it, in order. */
  readonly before: readonly Operation[];
  /** From the picture to what the operation takes. */
  readonly run: Plan["run"];
}

/** Whether an operation is a batch norm, which holds what its input looked like in training. */
export function isBatchNorm(operation: Operation): operation is Affine {
  return operation instanceof Affine && operation.source.statistics !== undefined;
}

/** Where a picture goes. */
export interface PictureWay {
  /** What the model computes. */
  readonly graph: OperationGraph;
  /** The id of the input that takes the picture. */
  readonly picture: string;
  /** What the file calls a weight, where that tells what became of it. */
  nameOf?(weight: tf.Tensor): string | undefined;
}

/** The operations that depend on the picture and on no other input, in order. */
export function pictureOperations({ graph, picture }: PictureWay): Operation[] {
  const known = new Set([picture]);
  return graph.operations.filter(({ inputs, outputs }) => {
    const isAlone = inputs.length > 0 && inputs.every((id) => known.has(id));
    if (isAlone) { for (const id of outputs) known.add(id); }
    return isAlone;
  });
}

/** Those of some operations that a value is computed by, in order. */
function operationsTo(id: string, operations: readonly Operation[]): Operation[] {
  const needed = new Set([id]);
  return operations.toReversed().filter(({ inputs, outputs }) => {
    const isNeeded = outputs.some((output) => needed.has(output));
    if (isNeeded) { for (const input of inputs) needed.add(input); }
    return isNeeded;
  }).reverse();
}

/**
 * The first operation of a kind that a picture alone leads to, and what comes before it.
 *
 * @param way Where the picture goes.
 * @param isLast Whether an operation is of the kind.
 * @returns `undefined` if there is none.
 */
export function findStem<Last extends Operation>(
  way: PictureWay,
  isLast: (operation: Operation) => operation is Last,
): Stem<Last> | undefined {
  const operations = pictureOperations(way);
  const last = operations.find(isLast);
  if (!last) return undefined;
  const [input] = last.inputs as readonly [string];
  const before = operationsTo(input, operations.slice(0, operations.indexOf(last)));
  const { run } = plan(fuse(before, { wanted: [input], mode: "exact" }), [way.picture], [input]);
  return { last, before, run };
}
