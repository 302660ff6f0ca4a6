/**
 * Weights are not held twice. Once our own kernels have them in the order in which they read them, the tensor that they came
 * in gives its memory back, and is filled again when anything else asks for it. For weights that nobody changes, of models
 * that are the package's own.
 *
 * @module
 */
import type * as tf from "../src/base/tfjs.ts";
import { currentMachine } from "./simd/machine.ts";
import { Unscaled } from "./simd/unscaled.ts";

/** Smaller ones are not worth it: a megabyte. */
const fewNumbers = 2 ** 18;

/** Models with fewer numbers than 32 MB hold are not worth the milliseconds either. */
let fewNumbersOfModel = 2 ** 23;

/** Whether weights of a model with so many numbers are to be held once. */
export function isWorthHoldingOnce(numbers: number): boolean {
  return numbers >= fewNumbersOfModel;
}

/** Take smaller models for large ones, for tests. */
export async function withLargeModelsOf(numbers: number, run: () => Promise<void>): Promise<void> {
  const before = fewNumbersOfModel;
  fewNumbersOfModel = numbers;
  try {
    await run();
  } finally {
    fewNumbersOfModel = before;
  }
}

/** Hold a weight once only from when it is first packed. */
export function holdOnce(weight: tf.Tensor): void {
  const machine = currentMachine();
  if (!machine || weight.size < fewNumbers || weight.dtype !== "float32") return;
  const { heap } = machine;
  heap.whenMadeOf(weight, (made) => {
    if (made.packed) heap.moveInto(weight, made, (place) => heap.unpack(made, place()));
  });
}

/** Hold nothing for a tensor that was reserved and will get its numbers by assignment: no room is kept free for them. */
export function holdNothing(reserved: tf.Tensor): void {
  const machine = currentMachine();
  if (machine && reserved.size > 0) machine.heap.giveBack(reserved, (place) => void place().fill(0));
}

/** A weight, and its product with a factor for each of its columns. */
export interface ScaledWeight {
  readonly weight: tf.Tensor;
  readonly scale: tf.Tensor;
  /** What is computed with most often. */
  readonly product: tf.Tensor;
}

/** Hold a weight and its product once only from when the product is first packed. */
export function holdProductOnce({ weight, scale, product }: ScaledWeight): void {
  const machine = currentMachine();
  if (!machine || weight.size < fewNumbers || weight.dtype !== "float32") return;
  const { heap } = machine;
  const numbersOf = (tensor: tf.Tensor) => heap.floatsAt(heap.addressOf(tensor), tensor.size);
  heap.whenMadeOf(product, (made) => {
    const factors = numbersOf(scale).slice();
    if (!made.packed) {
      heap.giveBack(product, (place) => {
        heap.addressOf(weight); // as below
        multiply(numbersOf(weight), factors, place());
      });
      return;
    }
    heap.addressOf(weight); // it may take memory, and then numbers that are looked at go out of date
    const unscaled = Unscaled.note(numbersOf(weight), numbersOf(product), factors);
    if (unscaled) {
      heap.moveInto(weight, made, (place) => {
        const numbers = place();
        heap.unpack(made, numbers);
        unscaled.divide(numbers);
      });
    }
    heap.giveBack(product, (place) => heap.unpack(made, place()));
  });
}

/** Each column times its factor. */
function multiply(numbers: Float32Array, factors: Float32Array, to: Float32Array): void {
  const columns = factors.length;
  for (let start = 0; start < numbers.length; start += columns) {
    for (let column = 0; column < columns; column++) {
      to[start + column] = numbers[start + column]! * factors[column]!;
    }
  }
}
