import * as tf from "../base/tfjs.ts";
import type { TensorInfo } from "../base/tensor_info.ts";
import type { Tensor4D } from "../base/tensors.ts";
import { checkFit, type FitMode, type InputSize } from "./image/fit.ts";
import { inRange, onWhite } from "./image/mod.ts";
import { checkRange } from "./image/range.ts";
import { type PhotoFile, readImage } from "./image/read.ts";
import type { DecodedImage, Placement, RgbaImage } from "./image/types.ts";
import { checkPhoto, type ImageInput, isPixels, type PhotoInput } from "./image_input.ts";
import type { InputOptions } from "./input_options.ts";
import { chooseSize } from "./input_size.ts";
import { choosePreprocessing, type PixelChoice, type PixelEvidence } from "./evidence.ts";
import { prepareInput, type Preprocessing, resolvePreprocessing } from "./preprocess.ts";

/** The input of a model that takes the image, and what tells how the model sees pixels. */
export interface SeeingInput {
  readonly input: TensorInfo;
  readonly evidence: readonly PixelEvidence[];
}

/** The model's input made of an image. */
export interface ModelInput {
  /** `[1, H, W, C]`. */
  readonly shape: readonly [number, number, number, number];
  /** The photo, if the image was one. */
  readonly photo: RgbaImage | undefined;
  /** Where on the photo the model looks. */
  readonly placement: Placement | undefined;
  /** How the photo's pixels were scaled, and why. */
  readonly pixels: PixelChoice | undefined;
  /** What the user should know. */
  readonly warnings: readonly string[];
  /** When decoding ended, as `performance.now()` gives it. */
  readonly decodedAt: number;
  /** Make it a tensor, on the backend in use; the caller disposes it. */
  toTensor(): Tensor4D;
}

/** A model's input that is ready to be made: of the options nothing can be wrong any more. */
export type InputPlan = () => Promise<ModelInput>;

/** Take a tensor's numbers as they are, after a look at its shape. */
function planTensor(tensor: tf.Tensor, { shape: taken, dtype = "float32" }: TensorInfo): InputPlan {
  const given = tensor.rank === 3 ? [1, ...tensor.shape] : tensor.shape;
  const fits = given.length === 4 && given[0] === 1 &&
    taken.slice(1).every((size, index) => size === null || size === given[index + 1]);
  if (!fits) {
    const wanted = taken.slice(1).map((size) => size ?? "any").join(", ");
    throw new TypeError(
      `Cannot explain a tensor [${tensor.shape}]: the model takes [${wanted}] or [1, ${wanted}]`,
    );
  }
  const shape = given as [number, number, number, number];
  const toTensor = () =>
    tf.tidy((): Tensor4D => {
      const batch = tensor.reshape<tf.Tensor4D>(shape);
      return dtype === batch.dtype ? batch : batch.cast(dtype);
    });
  return () => {
    const decodedAt = performance.now();
    return Promise.resolve({
      shape,
      toTensor,
      photo: undefined,
      placement: undefined,
      pixels: undefined,
      warnings: [],
      decodedAt,
    });
  };
}

/** How pixels are scaled: as the option says, else as the evidence does. */
function choosePixels(
  { input: { dtype }, evidence }: SeeingInput,
  wanted: InputOptions["preprocess"],
): PixelChoice {
  if (wanted === undefined) return choosePreprocessing(evidence, dtype);
  return { preprocessing: resolvePreprocessing(wanted), note: "", warning: "" };
}

/** A photo's pixels, with the opacity that they have, and what the user should know of them. */
export async function readPhoto(
  image: PhotoInput,
  { maxPixels, maxPhotoSide, range, signal }: InputOptions,
): Promise<RgbaImage & { readonly warnings: readonly string[] }> {
  if (isPixels(image)) {
    const { data, height, width } = image; // which browsers' ImageData has not as properties of its own
    const { warnings = [] } = image as Partial<DecodedImage>; // of a photo that was decoded before
    return { warnings, ...inRange({ data, height, width }, range) };
  }
  return await readImage(image, { maxPixels, maxPhotoSide, range, signal, alpha: "keep" });
}

/** What a photo becomes. */
interface PhotoTarget {
  readonly input: TensorInfo;
  readonly size: InputSize;
  readonly preprocessing: Preprocessing;
  readonly fit: FitMode | undefined;
}

/** A photo brought to what a model sees. */
function asInput(
  photo: RgbaImage,
  { input, size, preprocessing, fit }: PhotoTarget,
): Pick<ModelInput, "shape" | "toTensor" | "photo" | "placement"> {
  const opaque = onWhite(photo);
  const { data, shape, placement } = prepareInput(size.channels === 4 ? photo : opaque, size, {
    preprocessing,
    ...(fit && { fit }),
  });
  const toTensor = () => tf.tensor4d(data, [...shape], input.dtype);
  return { shape, toTensor, photo: opaque, placement };
}

/**
 * Plan how an image becomes the model's input. Nothing is read yet, but all that can be wrong with the options is told.
 *
 * @param image The image.
 * @param model What takes it.
 * @param options How.
 * @returns What makes the input; it throws an `ImageError` if the photo cannot be read or decoded.
 * @throws {ModelError} If the model takes its channels first.
 * @throws {RangeError} If an option is out of range, or the model takes another size.
 * @throws {TypeError} If the image is of a wrong type or shape.
 */
export function planInput(
  image: ImageInput | PhotoFile,
  model: SeeingInput,
  options: InputOptions,
): InputPlan {
  if (image instanceof tf.Tensor) return planTensor(image, model.input);
  checkPhoto(image);
  const { size, warnings } = chooseSize(model.input, options.size);
  const pixels = choosePixels(model, options.preprocess);
  const { fit, range } = options;
  if (fit !== undefined) checkFit(fit);
  if (range !== undefined) checkRange(range);
  const { preprocessing, warning } = pixels;
  const target = { input: model.input, size, preprocessing, fit };
  const notes = warning === "" ? [] : [warning];
  return async () => {
    const { warnings: ofPhoto, ...photo } = await readPhoto(image, options);
    const decodedAt = performance.now();
    return { ...asInput(photo, target), pixels, warnings: [...ofPhoto, ...warnings, ...notes], decodedAt };
  };
}
