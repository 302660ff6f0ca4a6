import * as tf from "../base/tfjs.ts";
import { compute } from "../../backends/cannot_compute.ts";
import { keepNothing, type KeptWeights } from "../../backends/kept_weights.ts";
import { noWay, Tape } from "../../backends/tape.ts";
import { ComputeError } from "../base/errors.ts";
import { type FusedOperations, originOf } from "./fuse.ts";
import { type Operation, operationName, type Retrace } from "./operation.ts";
import type { Values } from "./run.ts";

/** How a walk is gone back. */
export interface BackOptions {
  /** Awaited after each operation; what it throws ends the way back. */
  pause(): Promise<void>;
  /** Keeps what is made of weights for the next way back. */
  readonly kept?: KeptWeights | undefined;
}

/** A way through operations that has been gone, and can be gone back as often as is asked for. */
export interface Walk {
  /** The value that it led to; it stays the walk's. */
  readonly end: tf.Tensor;
  /**
   * The way back.
   *
   * @param gradient ∂ score / ∂ end; it stays the caller's.
   * @returns ∂ score / ∂ start, which becomes the caller's.
   * @throws {ComputeError} If an operation has no gradient, or none leads to the end.
   */
  goBack(gradient: tf.Tensor, how: BackOptions): Promise<tf.Tensor>;
  /** Free the values on the way. */
  dispose(): void;
}

/** How a way is gone. */
export interface WalkOptions {
  /** Awaited after each operation; what it throws ends the walk. */
  pause(): Promise<void>;
  /**
   * Whether batch norms may be folded into weights; else each operation is rounded as the model's own.
   * @default {false}
   */
  readonly fast?: boolean | undefined;
}

/** From where to where operations are walked. */
export interface WalkRequest {
  /** The id of the value whose gradient will be asked for. */
  readonly start: string;
  /** The id of the value that it leads to. */
  readonly end: string;
  /** The values given; they stay the caller's. */
  readonly values: Values;
  /** Awaited after each operation; what it throws ends the walk. */
  pause(): Promise<void>;
}

/** One operation of a walk, gone. */
interface Step {
  readonly operation: Operation;
  readonly inputs: readonly tf.Tensor[];
  readonly outputs: readonly tf.Tensor[];
  /** The way back over it, where it is known. */
  readonly retrace: Retrace | undefined;
  /** Else the tape that it was recorded on. */
  readonly tape: Tape | undefined;
}

/** Run one operation such that it can be gone back over. */
function take(operation: Operation, inputs: readonly tf.Tensor[]): Step {
  const work = { name: operationName(operation), of: operation };
  // Weights that are computed are disposed again.
  if (operation.retrace && tf.tidy(() => operation.canRetrace?.(inputs) ?? true)) {
    const outputs = compute({ ...work, run: () => tf.tidy(() => operation.run(inputs)) });
    return { operation, inputs, outputs, retrace: operation.retrace(inputs, outputs[0]!), tape: undefined };
  }
  const tape = new Tape();
  try {
    const run = () => tape.record(() => (operation.runTaped ?? operation.run).call(operation, inputs));
    return { operation, inputs, outputs: compute({ ...work, run }), retrace: undefined, tape };
  } catch (error) {
    tape.dispose();
    throw error;
  }
}

/** Gradients by the tensors that they are of. Several may be the same tensor, which is disposed with the last of them. */
class Gradients {
  readonly #byId = new Map<number, tf.Tensor>();
  readonly #uses = new Map<tf.Tensor, number>();

  /** Take one over. */
  add({ id }: tf.Tensor, gradient: tf.Tensor): void {
    const before = this.#byId.get(id);
    const sum = before ? tf.add(before, gradient) : gradient;
    this.#hold(sum);
    this.#byId.set(id, sum);
    if (!before) return;
    this.release(before);
    if (!this.#uses.has(gradient)) gradient.dispose();
  }

  /** Take out what is known of a tensor; it is released by whoever takes it. */
  take({ id }: tf.Tensor): tf.Tensor | undefined {
    const gradient = this.#byId.get(id);
    this.#byId.delete(id);
    return gradient;
  }

  release(gradient: tf.Tensor): void {
    const uses = this.#uses.get(gradient)! - 1;
    if (uses > 0) {
      this.#uses.set(gradient, uses);
    } else {
      this.#uses.delete(gradient);
      gradient.dispose();
    }
  }

  dispose(): void {
    tf.dispose([...this.#uses.keys()]);
  }

  #hold(gradient: tf.Tensor): void {
    this.#uses.set(gradient, (this.#uses.get(gradient) ?? 0) + 1);
  }
}

/** The gradients of what an operation took, by those of what it gave; those wanted alone, each tensor once. */
async function goBackOver(
  { operation, inputs, outputs, retrace, tape }: Step,
  given: readonly (tf.Tensor | undefined)[],
  { wanted, pause, kept }: { wanted: readonly tf.Tensor[] } & BackOptions,
): Promise<(tf.Tensor | undefined)[]> {
  if (tape) {
    const ends = outputs.flatMap((y, at) => given[at] ? [{ y, weights: given[at] }] : []);
    return await tape.gradients(ends, wanted, { pause });
  }
  const [gradient] = given;
  const name = `the gradient of ${operationName(operation)}`;
  const keep = kept?.of(operation) ?? keepNothing;
  const all = compute({ name, of: operation, run: () => tf.tidy(() => [...retrace!(gradient!, keep)]) });
  const found = wanted.map((tensor) => {
    const own = all.filter((_, at) => inputs[at] === tensor);
    return own.length === 1 ? own[0]! : tf.tidy(() => own.reduce((sum, one) => sum.add(one)));
  });
  for (const one of new Set(all)) if (one !== gradient && !found.includes(one)) one.dispose();
  return found;
}

/**
 * Walk through operations so that the way can be gone back: each by its own way back where it is known, which takes no copies
 * and keeps nothing but values, else on a tape of its own.
 *
 * @param fused The operations, joined for running them.
 */
export async function walk(
  { operations, origins }: FusedOperations,
  { start, end, values, pause }: WalkRequest,
): Promise<Walk> {
  const known = new Map(values);
  const valueOf = (id: string) => known.get(originOf(id, origins))!;
  const steps: Step[] = [];
  const dispose = () => {
    for (const { outputs, tape } of steps) {
      if (tape) tape.dispose();
      else tf.dispose([...outputs]);
    }
  };
  try {
    for (const operation of operations) {
      const step = take(operation, operation.inputs.map(valueOf));
      steps.push(step);
      operation.outputs.forEach((id, at) => known.set(id, step.outputs[at]!));
      await pause();
    }
  } catch (error) {
    dispose();
    throw error;
  }
  const first = values.get(start)!, last = valueOf(end);
  return {
    end: last,
    goBack: (gradient, how) => goBack(steps, { first, last, gradient, ...how }),
    dispose,
  };
}

/** Where a way back begins and ends. */
interface BackRequest extends BackOptions {
  readonly first: tf.Tensor;
  readonly last: tf.Tensor;
  readonly gradient: tf.Tensor;
}

async function goBack(
  steps: readonly Step[],
  { first, last, gradient, pause, kept }: BackRequest,
): Promise<tf.Tensor> {
  const onWay = new Set<tf.Tensor>([first]);
  for (const { inputs, outputs } of steps) {
    if (inputs.some((input) => onWay.has(input))) { for (const output of outputs) onWay.add(output); }
  }
  const gradients = new Gradients();
  gradients.add(last, gradient.clone());
  try {
    for (const step of steps.toReversed()) {
      const given = step.outputs.map((output) => output === first ? undefined : gradients.take(output));
      const wanted = [...new Set(step.inputs)].filter((input) => onWay.has(input));
      try {
        if (wanted.length > 0 && given.some((one) => one !== undefined)) {
          const found = await goBackOver(step, given, { wanted, pause, kept });
          found.forEach((one, at) => one && gradients.add(wanted[at]!, one));
        }
      } finally {
        for (const one of given) if (one) gradients.release(one);
      }
      await pause();
    }
    const found = gradients.take(first);
    if (!found) throw new ComputeError(noWay);
    return found.clone();
  } finally {
    gradients.dispose();
  }
}
