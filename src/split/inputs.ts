import type * as tf from "../base/tfjs.ts";
import { ModelError } from "../base/errors.ts";
import { nearest } from "../base/nearest.ts";
import { isChannelCount, shapeText, takesPhoto, type TensorInfo } from "../base/tensor_info.ts";
import { cut, listed, quote } from "../base/quote.ts";
import type { SplitOptions } from "./model.ts";

/** The names and shapes of inputs, for people. */
function describe(inputs: readonly TensorInfo[]): string {
  return listed(inputs, ({ name, shape }) => `${quote(name, 60)} [${shapeText(shape)}]`);
}

/**
 * The input that takes the image where none is named: the only one that could. What is given values is no
 * candidate; of several, features of a network count less than what has a picture's channels.
 */
function guessImageInput(inputs: readonly TensorInfo[], given: readonly string[]): number {
  const spatial = inputs.filter(({ shape, name }) => shape.length === 4 && !given.includes(name));
  const pictures = spatial.filter(({ shape }) => isChannelCount(shape[3]));
  const [found, ...others] = pictures.length === 1 ? pictures : spatial;
  if (found && others.length === 0) return inputs.indexOf(found);
  if (found) {
    const advice = spatial.every(takesPhoto)
      ? ', and give the others photos (option "inputs", --inputs NAME=FILE)'
      : "";
    throw new RangeError(
      `Cannot tell which input takes the image, ${
        describe(spatial)
      }: name it with the option "input"${advice}`,
    );
  }
  const taken = inputs.find(({ shape }) => shape.length === 4);
  if (taken) throw new RangeError(`Cannot give values to input ${quote(taken.name)}: it takes the image`);
  throw new ModelError(
    `Cannot explain a model with ${inputs.length === 1 ? "input" : "inputs"} ${
      describe(inputs)
    }: one image [?, H, W, C] is needed`,
  );
}

/**
 * Which input takes the image.
 *
 * @param inputs The model's inputs.
 * @param wanted An index from 0 or a name; if left out, the only input of the shape [N, H, W, C].
 * @param given The names of inputs that are given values, none of which takes the image.
 * @returns Its index.
 * @throws {ModelError} If no input has such a shape.
 * @throws {RangeError} If there is no such input or it takes no image, or none is wanted where several could.
 */
export function findImageInput(
  inputs: readonly TensorInfo[],
  wanted?: number | string,
  given: readonly string[] = [],
): number {
  if (wanted === undefined) return guessImageInput(inputs, given);
  const index = typeof wanted === "number" ? wanted : inputs.findIndex(({ name }) => name === wanted);
  const input = inputs[index];
  if (!input) {
    throw new RangeError(
      `Cannot find input ${quote(wanted)}: the inputs are ${nearestInputs(inputs, wanted)}`,
    );
  }
  if (input.shape.length === 4) return index;
  throw new RangeError(`Cannot feed an image into input ${describe([input])}: one [?, H, W, C] is needed`);
}

/**
 * The input that takes the image, of several; `undefined` where there is one alone, or nobody has said yet which it is.
 *
 * @param ids What the inputs' values are called, in the order of the inputs.
 * @returns Its value's id.
 */
export function imageAmong(
  ids: readonly string[],
  inputs: readonly TensorInfo[],
  { input, inputs: given = {} }: Pick<SplitOptions, "input" | "inputs">,
): string | undefined {
  if (inputs.length === 1) return undefined;
  const open = inputs.filter(({ shape, name }) => shape.length === 4 && !Object.hasOwn(given, name));
  if (input === undefined && open.length !== 1) return undefined;
  return ids[findImageInput(inputs, input ?? open[0]!.name)];
}

/** All inputs, those first whose name is most like the one that was not found. */
function nearestInputs(inputs: readonly TensorInfo[], wanted: number | string): string {
  const names = nearest(String(wanted), inputs.map(({ name }) => name), inputs.length);
  return describe(names.map((name) => inputs.find((input) => input.name === name)!));
}

/**
 * Check that there are the inputs that are given values.
 *
 * @throws {RangeError} If there is none of one's name.
 */
export function checkNames(inputs: readonly TensorInfo[], given: readonly string[]): void {
  const unknown = given.find((name) => !inputs.some((input) => input.name === name));
  if (unknown === undefined) return;
  throw new RangeError(
    `Cannot give values to input ${quote(unknown)}: the inputs are ${nearestInputs(inputs, unknown)}`,
  );
}

/** How to give inputs what they take. */
function howToGive(missing: readonly TensorInfo[]): string {
  const [first] = missing;
  if (!missing.some(takesPhoto)) return 'give values by name (option "inputs", --input-values)';
  if (!missing.every(takesPhoto)) {
    return 'give values and photos by name (option "inputs", --inputs NAME=VALUES or --inputs NAME=FILE)';
  }
  const name = missing.length === 1 ? cut(first!.name, 60) : "NAME";
  return `give ${missing.length === 1 ? "a photo" : "photos"} by name ` +
    `(option "inputs", --inputs ${name}=FILE, a form's file "inputs.${name}")`;
}

/**
 * Check which inputs are given values, before the values are looked at.
 *
 * @param inputs The model's inputs.
 * @param image The index of the one that takes the image.
 * @param given The names of those that are given values.
 * @throws {RangeError} If one is missing, does not exist, or takes the image.
 */
export function checkOtherInputs(
  inputs: readonly TensorInfo[],
  image: number,
  given: readonly string[],
): void {
  checkNames(inputs, given);
  if (given.includes(inputs[image]!.name)) {
    throw new RangeError(`Cannot give values to input ${quote(inputs[image]!.name)}: it takes the image`);
  }
  const missing = inputs.filter(({ name }, index) => index !== image && !given.includes(name));
  if (missing.length === 0) return;
  throw new RangeError(
    `Cannot run the model without ${missing.length === 1 ? "its input" : "its inputs"} ${
      describe(missing)
    }: ${howToGive(missing)}`,
  );
}

/**
 * All values that a model takes, in the order of its inputs, with a gap for the image.
 *
 * @param inputs The model's inputs.
 * @param image The index of the one that takes the image.
 * @param given The others, by name.
 * @throws {RangeError} If one is missing, does not exist, or takes the image.
 * @throws {TypeError} If one has another shape.
 */
export function otherInputs(
  inputs: readonly TensorInfo[],
  image: number,
  given: SplitOptions["inputs"] = {},
): (tf.Tensor | undefined)[] {
  checkOtherInputs(inputs, image, Object.keys(given));
  return inputs.map((input, index) => {
    if (index === image) return undefined;
    const value = given[input.name] as tf.Tensor;
    checkValues(input, value);
    return value;
  });
}

/**
 * Check the shape of an input's values.
 *
 * @throws {TypeError} If it is another than the input's.
 */
export function checkValues(input: TensorInfo, { rank, shape }: tf.Tensor): void {
  const fits = rank === input.shape.length &&
    input.shape.every((size, axis) => axis === 0 || size === null || size === shape[axis]);
  if (fits) return;
  throw new TypeError(
    `Cannot give values [${shape.join(", ")}] to input ${describe([input])}: its shape is needed`,
  );
}

/**
 * Which value each input of a model is given.
 *
 * @param ids What the inputs' values are called, in the order of the inputs.
 * @param inputs The model's inputs.
 * @param x The image.
 * @param options Which input takes it, and the values of the others.
 * @throws {RangeError} If there is no such input, or the values of one are missing.
 */
export function feedInputs(
  ids: readonly string[],
  inputs: readonly TensorInfo[],
  x: tf.Tensor4D,
  { input, inputs: given }: Pick<SplitOptions, "input" | "inputs">,
): Map<string, tf.Tensor> {
  const others = otherInputs(inputs, findImageInput(inputs, input, Object.keys(given ?? {})), given);
  return new Map(ids.map((id, index) => [id, others[index] ?? x]));
}
