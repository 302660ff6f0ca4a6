import * as tf from "../base/tfjs.ts";
import { Affine } from "./affine.ts";
import { type Operation, outputOf } from "./operation.ts";
import type { Weight } from "./weight.ts";

/** A part of a model whose weights are drawn together: an operation that has some, and the norm or bias after it. */
export interface RedrawStep {
  /** What its operation gives. */
  readonly name: string;
  /** All of its operations. */
  readonly operations: readonly Operation[];
  /** Whether its weights cannot be drawn, as those of what TensorFlow.js executes whole. */
  readonly isKept: boolean;
}

/** An id without what tells parts of one layer or node apart. */
function nameOf(operation: Operation): string {
  return outputOf(operation).replace(/@[\w]+$/, "");
}

/** Whether an operation is a norm, whose numbers go with what is before it; or a bias that stands alone behind a product. */
function goesAlong(operation: Operation, producers: ReadonlyMap<string, Operation>): boolean {
  if (!operation.redraw || operation.isWeighted) return false;
  if (!(operation instanceof Affine) || operation.source.statistics) return true;
  return producers.get(operation.inputs[0])?.isWeighted === true;
}

/**
 * The parts of a model that have weights, the last first. Norms before all weights are left out: they are how the model sees
 * pixels.
 *
 * @param operations In the order in which they are run.
 */
export function redrawSteps(operations: readonly Operation[]): RedrawStep[] {
  const producers = new Map(operations.flatMap((one) => one.outputs.map((id) => [id, one])));
  const steps: RedrawStep[] = [];
  let waiting: Operation[] = [];
  for (const operation of operations.toReversed()) {
    if (operation.isWeighted) {
      const isKept = operation.redraw === undefined;
      steps.push({ name: nameOf(operation), operations: [operation, ...waiting], isKept });
      waiting = [];
    } else if (goesAlong(operation, producers)) waiting.push(operation);
  }
  return steps;
}

/** Numbers whose mean is 0 and whose variance is 1 / fanIn, evenly between their bounds, as networks begin. */
function drawNumbers(size: number, fanIn: number, random: () => number): Float32Array {
  const bound = Math.sqrt(3 / fanIn);
  return Float32Array.from({ length: size }, () => (2 * random() - 1) * bound);
}

/**
 * A model's weights drawn anew, as before training: products' evenly with the variance 1 / fan-in (LeCun), biases zero, norms
 * such that they change nothing. What was drawn for an operation stays the same, however many others are drawn. The model's
 * own weights are never touched.
 */
export class Redraw {
  readonly #random: (name: string) => () => number;
  readonly #weights = new Map<Weight, Weight>();
  readonly #operations = new Map<Operation, Operation>();
  readonly #made: tf.Tensor[] = [];

  /** @param random Gives a sequence of random numbers from 0 to below 1 for each name. */
  constructor(random: (name: string) => () => number) {
    this.#random = random;
  }

  /**
   * The same operations, some of them with new weights.
   *
   * @param operations In the order in which they are run.
   * @param share How much of the steps from the last on, 0 to 1.
   */
  exchange(operations: readonly Operation[], share: number): Operation[] {
    const steps = redrawSteps(operations);
    const drawn = new Set(steps.slice(0, stepsOf(steps.length, share)).flatMap((step) => step.operations));
    return operations.map((operation) => drawn.has(operation) ? this.#redrawn(operation) : operation);
  }

  /** Free the weights that were drawn. */
  dispose(): void {
    tf.dispose(this.#made);
    this.#made.length = 0;
  }

  #redrawn(operation: Operation): Operation {
    const known = this.#operations.get(operation);
    if (known) return known;
    const draw = (weight: Weight, fanIn: number) => this.#draw(weight, fanIn, outputOf(operation));
    const redrawn = operation.redraw?.(draw) ?? operation;
    this.#operations.set(operation, redrawn);
    return redrawn;
  }

  #draw(weight: Weight, fanIn: number, name: string): Weight {
    const known = this.#weights.get(weight);
    if (known) return known;
    const shape = tf.tidy(() => weight.read().shape);
    const tensor = fanIn === 0
      ? tf.zeros(shape)
      : tf.tensor(drawNumbers(tf.util.sizeFromShape(shape), fanIn, this.#random(name)), shape);
    this.#made.push(tensor);
    const drawn: Weight = { read: () => tensor };
    this.#weights.set(weight, drawn);
    return drawn;
  }
}

/** How many steps a share of them is: at least one, so that something changes. */
export function stepsOf(count: number, share: number): number {
  return Math.min(Math.max(Math.round(share * count), 1), count);
}
