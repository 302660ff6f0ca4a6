import * as tf from "../base/tfjs.ts";
import { shown } from "../base/options.ts";
import { shapeText, takesPhoto } from "../base/tensor_info.ts";
import { imageFormats } from "../input/image/mod.ts";
import { isPixels, type PhotoInput } from "../input/image_input.ts";
import { PhotoFile } from "../input/image/read.ts";
import type { RgbaImage } from "../input/image/types.ts";
import { checkNames, checkOtherInputs, checkValues, findImageInput } from "../split/inputs.ts";
import type { TensorInfo } from "../split/model.ts";
import type { Tensor } from "../base/tensors.ts";
import { quote } from "../base/quote.ts";

/**
 * What goes into a model's other inputs, by name: tensors with the batch first, or plain numbers, row by row; and into
 * inputs that are pictures also photos by path, URL, content or as pixels.
 */
export type OtherInputs = Readonly<
  Record<string, Tensor | number | ArrayLike<number> | string | URL | ArrayBuffer | Blob | RgbaImage>
>;

/** All that goes into a model, the image aside. */
export interface GivenInputs {
  /** The index of the input that takes the image. */
  readonly image: number;
  /** The values of the others by name; those of photos are added when they are read. */
  readonly values: Record<string, Tensor>;
  /** Photos by the names of the inputs that they are for. */
  readonly photos: ReadonlyMap<string, PhotoInput>;
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
      `Cannot give ${count} ${count === 1 ? "number" : "numbers"} to input ${quote(name)} [${
        shapeText(shape)
      }]: ${wanted}`,
    );
  }
  return [1, ...sizes.map((size) => size ?? rest)];
}

/** A photo whatever it is given to: by path or URL, as a file or as pixels; bytes may be numbers as well. */
export function isPlainPhoto(value: unknown): value is Exclude<PhotoInput, Uint8Array> {
  return typeof value === "string" || value instanceof URL || value instanceof ArrayBuffer ||
    value instanceof Blob || value instanceof PhotoFile || isPixels(value);
}

/** Whether a value is a photo, given to an input; bytes that are no picture's may be its numbers. */
function isPhotoFor({ shape }: TensorInfo, value: unknown): value is PhotoInput {
  if (!(value instanceof Uint8Array) || !takesPhoto({ shape })) return isPlainPhoto(value);
  const count = shape.slice(1).reduce<number>((product, size) => product * (size ?? NaN), 1);
  return value.length !== count || imageFormats.some(({ matches }) => matches(value));
}

/** A photo for an input that takes one. */
function asPhoto(input: TensorInfo, value: PhotoInput): PhotoInput {
  if (takesPhoto(input)) return value;
  const what = typeof value === "string" ? shown(value) : "a photo";
  throw new RangeError(
    `Cannot give ${what} to input ${quote(input.name)} [${shapeText(input.shape)}]: it takes numbers`,
  );
}

function asTensor(input: TensorInfo, value: unknown): Tensor {
  const isList = typeof value === "object" && value !== null && "length" in value;
  if (typeof value !== "number" && !isList) {
    const photos = takesPhoto(input) ? ", or a photo" : "";
    throw new TypeError(
      `Cannot give ${shown(value)} to input ${quote(input.name)}: give numbers or a tensor${photos}`,
    );
  }
  const numbers = typeof value === "number" ? [value] : Array.from(value as ArrayLike<number>, Number);
  const shape = shapeFor(input, numbers.length);
  const wrong = numbers.find((number) => !Number.isFinite(number));
  if (wrong !== undefined) {
    throw new RangeError(`Cannot give ${wrong} to input ${quote(input.name)}: give numbers`);
  }
  return tf.tensor(numbers, shape, input.dtype ?? "float32");
}

/**
 * Find the input that takes the image, and bring the values of the others into the shape that the model takes. Photos
 * are told apart, but not read yet.
 *
 * @param inputs The model's inputs.
 * @param wanted Which takes the image, and what the others are; a tensor stays the caller's.
 * @throws {ModelError} If no input can take an image.
 * @throws {RangeError} If an input is missing, does not exist or cannot be told, there are too few or too many numbers, or a
 * photo is given to what is no picture.
 * @throws {TypeError} If a tensor is of another shape, or a value of another type.
 */
export function resolveInputs(
  inputs: readonly TensorInfo[],
  { input, inputs: given = {} }: {
    readonly input?: number | string | undefined;
    readonly inputs?: OtherInputs | undefined;
  },
): GivenInputs {
  const names = Object.keys(given).filter((name) => given[name] !== undefined);
  checkNames(inputs, names);
  const image = findImageInput(inputs, input, names);
  checkOtherInputs(inputs, image, names);
  const values: [string, Tensor][] = [];
  const photos = new Map<string, PhotoInput>();
  const own: Tensor[] = [];
  try {
    for (const name of names) {
      const value = given[name];
      const input = inputs.find((candidate) => candidate.name === name)!;
      if (isPhotoFor(input, value)) {
        photos.set(name, asPhoto(input, value));
      } else if (value instanceof tf.Tensor) {
        checkValues(input, value);
        values.push([name, value]);
      } else {
        const tensor = asTensor(input, value);
        own.push(tensor);
        values.push([name, tensor]);
      }
    }
    return { image, values: Object.fromEntries(values), photos, own };
  } catch (error) {
    tf.dispose(own);
    throw error;
  }
}

/** The tensors among an image and the values of other inputs. */
export function givenTensors(image: unknown, inputs: OtherInputs = {}): Tensor[] {
  return [image, ...Object.values(inputs)].filter((value) => value instanceof tf.Tensor);
}
