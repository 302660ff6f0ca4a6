import * as tf from "@tensorflow/tfjs";
import type { ExplainableModel } from "./split/mod.ts";
import type { Tensor } from "./tensors.ts";

/** The values of a model's other inputs by name: tensors with the batch first, or plain numbers. */
export type OtherInputs = Readonly<Record<string, Tensor | number | readonly number[]>>;

/**
 * The values of other inputs as tensors.
 *
 * @param given As the caller has them; a tensor stays the caller's.
 * @param model Whose inputs they are.
 * @returns All of them, and those made here, which the caller disposes.
 * @throws {RangeError} If there are too few or too many numbers.
 */
export function asTensors(
  given: OtherInputs,
  model: ExplainableModel,
): { readonly all: Readonly<Record<string, Tensor>>; readonly own: readonly Tensor[] } {
  const own: Tensor[] = [];
  const all = Object.fromEntries(
    Object.entries(given).map(([name, value]) => {
      if (value instanceof tf.Tensor) return [name, value];
      const numbers = [value].flat() as number[];
      const shape = model.inputs.find((input) => input.name === name)?.shape.slice(1) ?? [];
      const sizes = shape.map((size) => size ?? -1);
      const fits = sizes.filter((size) => size === -1).length <= 1 && numbers.every(Number.isFinite) &&
        (sizes.includes(-1) || sizes.reduce((product, size) => product * size, 1) === numbers.length);
      if (!fits) {
        tf.dispose(own);
        throw new RangeError(
          `Cannot give ${numbers.length} numbers to input "${name}" [${shape.join(", ")}]`,
        );
      }
      own.push(tf.tidy(() => tf.tensor(numbers).reshape([1, ...sizes])));
      return [name, own.at(-1)!];
    }),
  );
  return { all, own };
}
