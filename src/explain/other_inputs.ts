import * as tf from "../base/tfjs.ts";
import { shapeText } from "../base/tensor_info.ts";
import { checkOtherInputs, findImageInput, otherInputs } from "../split/inputs.ts";
import type { TensorInfo } from "../split/model.ts";
import type { Tensor } from "../base/tensors.ts";

/** The values of a model's other inputs by name: tensors with the batch first, or plain numbers, row by row. */
export type OtherInputs = Readonly<Record<string, Tensor | number | ArrayLike<number>>>;

/** All that goes into a model, the image aside. */
export interface GivenInputs {
  /** The index of the input that takes the image. */
  readonly image: number;
  /** The values of the others by name. */
  readonly values: Readonly<Record<string, Tensor>>;
  /** Those of them that were made here, which the caller disposes. */
  readonly own: readonly Tensor[];
}

/** The shape of one row of values, with what is unknown worked out of how many there are. */
function shapeFor({ name, shape }: TensorInfo, count: number): number[] {
  const [, ...sizes] = shape;
  const known = sizes.reduce<number>((product, size) => product * (size ?? 1), 1);
  const unknown = sizes.filter((size) => size === null).length;
  const rest = count / known;
  if (count === 0 || !Number.isInteger(rest) || unknown > 1 || (unknown === 0 && rest !== 1)) {
    const wanted = unknown > 1
      ? "give a tensor"
      : `${unknown === 1 ? "a multiple of " : ""}${known} are needed`;
    throw new RangeError(
      `Cannot give ${count} ${count === 1 ? "number" : "numbers"} to input "${name}" [${
        shapeText(shape)
      }]: ${wanted}`,
    );
  }
  return [1, ...sizes.map((size) => size ?? rest)];
}

function asTensor(input: TensorInfo, value: number | ArrayLike<number>): Tensor {
  const numbers = typeof value === "number" ? [value] : Array.from(value, Number);
  const shape = shapeFor(input, numbers.length);
  const wrong = numbers.find((number) => !Number.isFinite(number));
  if (wrong !== undefined) {
    throw new RangeError(`Cannot give ${wrong} to input "${input.name}": give numbers`);
  }
  return tf.tensor(numbers, shape, input.dtype ?? "float32");
}

/**
 * Find the input that takes the image, and bring the values of the others into the shape that the model takes.
 *
 * @param inputs The model's inputs.
 * @param wanted Which takes the image, and what the others are; a tensor stays the caller's.
 * @throws {ModelError} If no input can take an image.
 * @throws {RangeError} If an input is missing, does not exist or cannot be told, or there are too few or too many numbers.
 * @throws {TypeError} If a tensor is of another shape.
 */
export function resolveInputs(
  inputs: readonly TensorInfo[],
  { input, inputs: given = {} }: {
    readonly input?: number | string | undefined;
    readonly inputs?: OtherInputs | undefined;
  },
): GivenInputs {
  const names = Object.keys(given);
  const image = findImageInput(inputs, input, names);
  checkOtherInputs(inputs, image, names);
  const own: Tensor[] = [];
  try {
    const values = Object.fromEntries(names.map((name) => {
      const value = given[name]!;
      if (value instanceof tf.Tensor) return [name, value];
      const tensor = asTensor(inputs.find((candidate) => candidate.name === name)!, value as number);
      own.push(tensor);
      return [name, tensor];
    }));
    otherInputs(inputs, image, values);
    return { image, values, own };
  } catch (error) {
    tf.dispose(own);
    throw error;
  }
}

/** The tensors among an image and the values of other inputs. */
export function givenTensors(image: unknown, inputs: OtherInputs = {}): Tensor[] {
  return [image, ...Object.values(inputs)].filter((value) => value instanceof tf.Tensor);
}
