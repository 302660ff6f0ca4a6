import type * as tf from "@tensorflow/tfjs";
import { ModelError } from "../errors.ts";
import { nearest } from "../nearest.ts";
import type { SplitOptions, TensorInfo } from "./mod.ts";

/** The names and shapes of inputs, for people. */
function describe(inputs: readonly TensorInfo[]): string {
  return inputs.map(({ name, shape }) => `"${name}" [${shape.map((size) => size ?? "?").join(", ")}]`).join(
    ", ",
  );
}

/**
 * Which input takes the image.
 *
 * @param inputs The model's inputs.
 * @param wanted An index from 0 or a name; if left out, the only input of the shape [N, H, W, C].
 * @returns Its index.
 * @throws {ModelError} If none or several have such a shape, or the one that is wanted has not.
 * @throws {RangeError} If there is no such input.
 */
export function findImageInput(inputs: readonly TensorInfo[], wanted?: number | string): number {
  if (wanted === undefined) {
    const found = inputs.flatMap(({ shape }, index) => shape.length === 4 ? [index] : []);
    if (found.length === 1) return found[0]!;
    if (found.length > 1) {
      throw new ModelError(
        `The model has several inputs that could take the image, ${
          describe(inputs)
        }: name one with the option "input"`,
      );
    }
    throw new ModelError(
      `Cannot explain a model with ${inputs.length === 1 ? "input" : "inputs"} ${
        describe(inputs)
      }: one image [?, H, W, C] is needed`,
    );
  }
  const index = typeof wanted === "number" ? wanted : inputs.findIndex(({ name }) => name === wanted);
  const input = inputs[index];
  if (!input) {
    const names = inputs.map(({ name }) => name);
    throw new RangeError(
      `Cannot find input "${wanted}": the inputs are ${
        nearest(String(wanted), names, names.length).join(", ")
      }`,
    );
  }
  if (input.shape.length === 4) return index;
  throw new ModelError(`Cannot feed an image into input ${describe([input])}: one [?, H, W, C] is needed`);
}

/**
 * All values that a model takes, in the order of its inputs, with a gap for the image.
 *
 * @param inputs The model's inputs.
 * @param image The index of the one that takes the image.
 * @param given The others, by name.
 * @throws {ModelError} If one is missing, does not exist or has another shape.
 */
export function otherInputs(
  inputs: readonly TensorInfo[],
  image: number,
  given: SplitOptions["inputs"] = {},
): (tf.Tensor | undefined)[] {
  const unknown = Object.keys(given).find((name) => !inputs.some((input) => input.name === name));
  if (unknown !== undefined) {
    throw new ModelError(`Cannot give values to input "${unknown}": the inputs are ${describe(inputs)}`);
  }
  return inputs.map((input, index) => {
    if (index === image) return undefined;
    const value = Object.hasOwn(given, input.name) ? given[input.name] as tf.Tensor : undefined;
    if (!value) {
      throw new ModelError(
        `The model also takes input ${describe([input])}: give its values with the option "inputs"`,
      );
    }
    const fits = value.rank === input.shape.length &&
      input.shape.every((size, axis) => axis === 0 || size === null || size === value.shape[axis]);
    if (!fits) {
      throw new ModelError(`Cannot give values [${value.shape.join(", ")}] to input ${describe([input])}`);
    }
    return value;
  });
}
