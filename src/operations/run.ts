import * as tf from "../base/tfjs.ts";
import { compute } from "../../backends/cannot_compute.ts";
import { type FusedOperations, originOf } from "./fuse.ts";
import { type Operation, operationName, type RectifierMemory, type RectifierRule } from "./operation.ts";

/** Values by id. */
export type Values = ReadonlyMap<string, tf.Tensor>;

/** How operations are run under the tape. */
export interface TapedRun {
  /** The id of the value to return. */
  readonly end: string;
  /** How the way back passes a rectifier, or how it is run. */
  readonly rule?: RectifierRule | RectifierMemory | undefined;
  /** Shown each operation, and the values that it gave. */
  readonly observe?: ((operation: Operation, values: readonly tf.Tensor[]) => void) | undefined;
}

/**
 * Run operations under the tape, from the given values to one, stopping after each.
 *
 * @param fused The operations.
 * @param values The values given.
 */
export function* runTapedInSteps(
  { operations, origins }: FusedOperations,
  values: Values,
  { end, rule, observe }: TapedRun,
): Generator<void, tf.Tensor> {
  const origin = (id: string) => originOf(id, origins);
  const known = new Map(values);
  for (const operation of operations) {
    const inputs = operation.inputs.map((id) => known.get(origin(id))!);
    const results = compute({
      name: operationName(operation),
      of: operation,
      run: () => (operation.runTaped ?? operation.run).call(operation, inputs, rule),
    });
    observe?.(operation, results);
    operation.outputs.forEach((id, at) => known.set(id, results[at]!));
    yield;
  }
  return known.get(origin(end))!;
}

/** Go through steps to their end without stopping. */
export function inOneGo<Result>(steps: Generator<void, Result>): Result {
  let step = steps.next();
  while (!step.done) step = steps.next();
  return step.value;
}

/** Operations in a row, each of which takes what the one before gave, and can go back without a tape. */
export type Chain = readonly Operation[];

/**
 * The operations as a chain, if they are one and each can go back without a tape.
 *
 * @param start The id of the value that the first one takes.
 * @param end The id of the value that the last one gives.
 */
export function asChain(
  { operations, origins }: FusedOperations,
  start: string,
  end: string,
): Chain | undefined {
  let at = start;
  for (const { inputs, outputs, backward } of operations) {
    if (inputs.length !== 1 || outputs.length !== 1 || !backward) return undefined;
    if (originOf(inputs[0]!, origins) !== at) return undefined;
    at = outputs[0]!;
  }
  return at === originOf(end, origins) ? operations : undefined;
}

/**
 * Run a chain and keep what it gives at each step.
 *
 * @returns The values from the input, which stays the caller's, to the end, all others of which become the caller's.
 */
export function runChain(chain: Chain, x: tf.Tensor): tf.Tensor[] {
  const values = [x];
  try {
    for (const operation of chain) {
      const run = () => tf.tidy(() => operation.run([values.at(-1)!]));
      values.push(compute({ name: operationName(operation), of: operation, run })[0]!);
    }
    return values;
  } catch (error) {
    tf.dispose(values.slice(1));
    throw error;
  }
}

/**
 * Go back along a chain.
 *
 * @param values What `runChain` gave.
 * @param gradient ∂ score / ∂ end, `[scores, …]`.
 * @returns ∂ score / ∂ input, `[scores, …]`.
 */
export function goBack(chain: Chain, values: readonly tf.Tensor[], gradient: tf.Tensor): tf.Tensor {
  return tf.tidy(() =>
    chain.reduceRight(
      (inner, operation, at) =>
        compute({
          name: operationName(operation),
          of: operation,
          run: () => operation.backward!(inner, values[at]!, values[at + 1]!),
        }),
      gradient.clone(),
    )
  );
}
