import * as tf from "../base/tfjs.ts";
import type { TensorInfo } from "../base/tensor_info.ts";
import type { Tensor4D } from "../base/tensors.ts";
import { collectUnused } from "./image/collector.ts";
import { type InputSize, PhotoFitter } from "./image/fit.ts";
import { keepPhoto, movePlacement, type PhotoKeeper } from "./image/keep.ts";
import { inRange } from "./image/mod.ts";
import { checkRange } from "./image/range.ts";
import { openImage, type PhotoFile, readImage } from "./image/read.ts";
import { type PictureRows, rowsOf } from "./image/rows.ts";
import type { DecodedImage, Placement, RgbaImage } from "./image/types.ts";
import { blendOnWhite, onWhite } from "./image/white.ts";
import { checkFit, type FitMode } from "./image/window.ts";
import { checkPhoto, type ImageInput, isPixels, type PhotoInput } from "./image_input.ts";
import type { InputOptions } from "./input_options.ts";
import { chooseSize } from "./input_size.ts";
import { choosePreprocessing, type PixelChoice, type PixelEvidence } from "./evidence.ts";
import { fitOf, type Preprocessing, resolvePreprocessing, scaleInput } from "./preprocess.ts";

/** The input of a model that takes the image, and what tells how the model sees pixels. */
export interface SeeingInput {
  readonly input: TensorInfo;
  readonly evidence: readonly PixelEvidence[];
}

/** A photo's own size, and where on it the model looks. */
export interface OriginalPhoto {
  /** Pixels from top to bottom, upright. */
  readonly height: number;
  /** Pixels from left to right, upright. */
  readonly width: number;
  /** In its own pixels. */
  readonly placement: Placement;
}

/** The model's input made of an image. */
export interface ModelInput {
  /** `[1, H, W, C]`. */
  readonly shape: readonly [number, number, number, number];
  /** The photo, if the image was one; reduced where that is asked for. */
  readonly photo: RgbaImage | undefined;
  /** Where on that photo the model looks. */
  readonly placement: Placement | undefined;
  /** The photo as it was before it was reduced. */
  readonly original: OriginalPhoto | undefined;
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
      original: undefined,
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
  { maxPixels, maxPhotoSide, maxDecodingBytes, range, signal }: InputOptions,
): Promise<RgbaImage & { readonly warnings: readonly string[] }> {
  if (isPixels(image)) {
    const { data, height, width } = image; // which browsers' ImageData has not as properties of its own
    const { warnings = [] } = image as Partial<DecodedImage>; // of a photo that was decoded before
    return { warnings, ...await inRange({ data, height, width }, range) };
  }
  const limits = { maxPixels, maxPhotoSide, maxDecodingBytes };
  return await readImage(image, { ...limits, range, signal, alpha: "keep" });
}

/** @throws {RangeError} If nothing could be kept. */
function checkKeptSide(side: number): void {
  if (!(side >= 1)) throw new RangeError(`Cannot use keptPhotoSide ${side}: use 1 or more`);
}

/** What a photo becomes. */
interface PhotoTarget {
  readonly input: TensorInfo;
  readonly size: InputSize;
  readonly preprocessing: Preprocessing;
  readonly fit: FitMode | undefined;
  /** The longest side of what is kept of it. */
  readonly keptSide: number;
}

/** A photo that is read once, from the top; its rows are ours to change. */
type ReadablePhoto = PictureRows & { readonly image?: RgbaImage | undefined };

/** Open a photo, or take pixels as one. */
async function openPhoto(image: PhotoInput, options: InputOptions): Promise<ReadablePhoto> {
  if (!isPixels(image)) {
    const { maxPixels, maxPhotoSide, maxDecodingBytes, range, signal } = options;
    return await openImage(image, { maxPixels, maxPhotoSide, maxDecodingBytes, range, signal });
  }
  const { warnings, ...pixels } = await readPhoto(image, options);
  return { ...pixels, warnings, image: pixels, rows: () => rowsOf(pixels) };
}

/** What is kept of a photo: pixels that are there anyway are not copied where all of them are opaque and wanted. */
function keeperOf(photo: ReadablePhoto, keptSide: number): PhotoKeeper {
  const { image } = photo;
  const isWhole = Math.max(photo.height, photo.width) <= keptSide;
  return image && isWhole ? { take() {}, finish: () => onWhite(image) } : keepPhoto(photo, keptSide);
}

/** What is known of a photo's input when it has been read. */
type ReadInput = Omit<ModelInput, "pixels">;

/** A photo whose rows have all been taken; nothing is held of what it was read with. */
interface ReadRows extends Pick<OriginalPhoto, "height" | "width"> {
  readonly fitter: PhotoFitter;
  readonly keeper: PhotoKeeper;
  readonly warnings: readonly string[];
  readonly decodedAt: number;
}

/** Read a photo, and let go of what that took before more is made of it. */
async function readInput(
  image: PhotoInput,
  target: PhotoTarget,
  options: InputOptions,
): Promise<ReadInput> {
  const read = await openPhoto(image, options).then((photo) => readRows(photo, target));
  await collectUnused();
  return asInput(read, target);
}

/** Bring a photo to what a model sees, a few rows at a time. */
async function readRows(
  photo: ReadablePhoto,
  { size, preprocessing, fit, keptSide }: PhotoTarget,
): Promise<ReadRows> {
  const fitter = new PhotoFitter(photo, size, fitOf({ preprocessing, ...(fit && { fit }) }));
  const keeper = keeperOf(photo, keptSide);
  for await (const rows of photo.rows(keeper.room)) {
    if (size.channels === 4) fitter.take(rows); // which sees opacity
    if (!photo.isOpaque) blendOnWhite(rows);
    if (size.channels !== 4) fitter.take(rows);
    keeper.take(rows);
  }
  const { height, width, warnings = [] } = photo;
  return { fitter, keeper, height, width, warnings, decodedAt: performance.now() };
}

/** What a model sees, and what is kept to draw on. */
function asInput(read: ReadRows, { input, preprocessing }: PhotoTarget): ReadInput {
  const { fitter, keeper, height, width, warnings, decodedAt } = read;
  const kept = keeper.finish();
  const { data, shape, placement } = scaleInput(fitter.finish(), preprocessing);
  return {
    warnings,
    shape,
    toTensor: () => tf.tensor4d(data, [...shape], input.dtype),
    photo: kept,
    placement: movePlacement(placement, read, kept),
    original: { height, width, placement },
    decodedAt,
  };
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
  const pixels = choosePixels(model, options.preprocess);
  const { size, warnings } = chooseSize(model.input, options.size, pixels.preprocessing);
  const { fit, range, keptPhotoSide: keptSide = Infinity } = options;
  if (fit !== undefined) checkFit(fit);
  if (range !== undefined) checkRange(range);
  checkKeptSide(keptSide);
  const { preprocessing, warning } = pixels;
  const target = { input: model.input, size, preprocessing, fit, keptSide };
  const notes = warning === "" ? [] : [warning];
  return async () => {
    const input = await readInput(image, target, options);
    return { ...input, pixels, warnings: [...input.warnings, ...warnings, ...notes] };
  };
}
