import * as tf from "@tensorflow/tfjs";
import { ModelError } from "./errors.ts";
import type { FitMode } from "./image/fit.ts";
import { onWhite } from "./image/mod.ts";
import { readImage } from "./image/read.ts";
import type { Placement, RgbaImage } from "./image/types.ts";
import {
  prepareInput,
  type Preprocessing,
  type PreprocessingName,
  preprocessings,
  resolvePreprocessing,
} from "./preprocess.ts";
import { findImageInput, isChannelCount, shapeText } from "./split/inputs.ts";
import type { ExplainableModel, TensorInfo } from "./split/mod.ts";
import type { Tensor3D, Tensor4D } from "./tensors.ts";

/**
 * What can be explained: a photo by path, URL or content, as pixels, or a tensor `[H, W, C]` or `[1, H, W, C]`
 * that goes into the model as it is.
 */
export type ImageInput =
  | string
  | URL
  | Uint8Array
  | ArrayBuffer
  | Blob
  | RgbaImage
  | Tensor3D
  | Tensor4D;

/** How a photo becomes the model's input. */
export interface InputOptions {
  /** How the model was trained to see pixels, instead of what it says itself. */
  readonly preprocess?: PreprocessingName | Preprocessing | undefined;
  /** How the photo is brought to the model's shape, instead of what the model says itself. */
  readonly fit?: FitMode | undefined;
  /**
   * Height and width, in pixels, that the photo is brought to for a model that takes any; one number for a square.
   * @default {224}
   */
  readonly size?: number | readonly [height: number, width: number] | undefined;
  /**
   * The model's input that takes the image, by index or name.
   * @default {the only one with height, width and channels}
   */
  readonly input?: number | string | undefined;
  /** The largest photo accepted, in pixels. */
  readonly maxPixels?: number | undefined;
  /** Stops a download. */
  readonly signal?: AbortSignal | undefined;
}

/** What of a model is needed to make its input. */
export type SeeingModel = Pick<ExplainableModel, "inputs" | "preprocessing">;

/** The model's input made of an image. */
export interface ModelInput {
  /** `[1, H, W, C]`; the caller disposes it. */
  readonly x: Tensor4D;
  /** The photo, if the image was one. */
  readonly photo: RgbaImage | undefined;
  /** Where on the photo the model looks. */
  readonly placement: Placement | undefined;
  /** What the user should know. */
  readonly warnings: readonly string[];
  /** When decoding ended, as `performance.now()` gives it. */
  readonly decodedAt: number;
}

/** Height and width for a model that takes any. */
const defaultSize = 224;

/** The largest input made of a photo, in pixels. */
const mostPixels = 2 ** 24;

function isPixels(image: unknown): image is RgbaImage {
  return typeof image === "object" && image !== null && "data" in image && "width" in image &&
    "height" in image;
}

/** Pixels as the caller gives them, after a look at their number. */
function fromPixels({ data, height, width }: RgbaImage): RgbaImage {
  if (!(Number.isInteger(height) && height > 0 && Number.isInteger(width) && width > 0)) {
    throw new TypeError(`Cannot explain ${width} × ${height} pixels: width and height are whole and above 0`);
  }
  if (data.length !== height * width * 4) {
    throw new TypeError(
      `Cannot explain ${width} × ${height} pixels: they have ${
        height * width * 4
      } values, red, green, blue and alpha each, not ${data.length}`,
    );
  }
  return { data, height, width };
}

/** Take a tensor's numbers as they are, after a look at its shape. */
function fromTensor(tensor: tf.Tensor, { shape, dtype = "float32" }: TensorInfo): tf.Tensor4D {
  const given = tensor.rank === 3 ? [1, ...tensor.shape] : tensor.shape;
  const fits = given.length === 4 && given[0] === 1 &&
    shape.slice(1).every((size, index) => size === null || size === given[index + 1]);
  if (!fits) {
    const wanted = shape.slice(1).map((size) => size ?? "any").join(", ");
    throw new TypeError(
      `Cannot explain a tensor [${tensor.shape}]: the model takes [${wanted}] or [1, ${wanted}]`,
    );
  }
  return tf.tidy(() => {
    const x = tensor.reshape<tf.Tensor4D>(given as [number, number, number, number]);
    return dtype === x.dtype ? x : x.cast(dtype);
  });
}

/** Height and width as the user gives them; `undefined` where they give none. */
function readSize(wanted: InputOptions["size"]): readonly [number | undefined, number | undefined] {
  if (wanted === undefined || wanted === null) return [undefined, undefined];
  const sizes: readonly number[] = typeof wanted === "object" ? wanted : [wanted, wanted];
  const [height = 0, width = 0] = sizes;
  if (sizes.length !== 2 || !sizes.every((size) => Number.isInteger(size) && size > 0)) {
    throw new RangeError(
      `Cannot use size ${sizeText(wanted)}: give whole pixels, one number or [height, width]`,
    );
  }
  if (height * width > mostPixels) {
    throw new RangeError(`Cannot use size ${sizeText(wanted)}: use ${mostPixels} pixels at most`);
  }
  return [height, width];
}

function sizeText(size: InputOptions["size"]): string {
  return Array.isArray(size) ? size.join(" × ") : String(size);
}

/** The size that the model takes; where it takes any, the one that is wanted, or a usual one. */
function sizeOf(
  { name, shape }: TensorInfo,
  wanted: InputOptions["size"],
): { height: number; width: number; channels: number; warnings: string[] } {
  const [, height, width, channels] = shape;
  if (isChannelsFirst(shape)) {
    throw new ModelError(
      `Cannot feed a photo into input "${name}" [${shapeText(shape)}]: its channels come first: ` +
        "convert the model to channels last",
    );
  }
  const [wantedHeight, wantedWidth] = readSize(wanted);
  const fits = (size: number | undefined, fixed: number | null | undefined) =>
    size === undefined || !fixed || size === fixed;
  if (!fits(wantedHeight, height) || !fits(wantedWidth, width)) {
    throw new RangeError(
      `Cannot use size ${sizeText(wanted)}: the model takes ${height ?? "any"} × ${width ?? "any"}`,
    );
  }
  const found = { height: height ?? wantedHeight ?? defaultSize, width: width ?? wantedWidth ?? defaultSize };
  const isGuessed = (!height || !width) && wanted === undefined;
  const warnings = isGuessed
    ? [`The model takes any size: the photo is brought to ${found.height} × ${found.width} (option "size")`]
    : [];
  return { ...found, channels: channels ?? 3, warnings };
}

/** Whether an input has its channels before height and width. */
function isChannelsFirst([, first, , last]: TensorInfo["shape"]): boolean {
  return isChannelCount(first) && (last === null || last! > 4);
}

function choosePreprocessing(
  model: SeeingModel,
  { dtype }: TensorInfo,
  { preprocess }: InputOptions,
): [Preprocessing, string[]] {
  if (preprocess !== undefined) return [resolvePreprocessing(preprocess), []];
  if (model.preprocessing) return [model.preprocessing, []];
  if (dtype === "int32") return [preprocessings.none, []]; // whole numbers can only be 0 ... 255
  return [preprocessings.unit, [
    'The model does not say how it sees pixels: they are scaled to 0 … 1; if it was trained otherwise, set the option "preprocess"',
  ]];
}

/** A photo's pixels, and the same on white. */
async function readPhoto(
  image: Exclude<ImageInput, Tensor3D | Tensor4D>,
  { maxPixels, signal }: InputOptions,
): Promise<{ photo: RgbaImage; opaque: RgbaImage; warnings: readonly string[] }> {
  const { data, height, width, warnings } = isPixels(image)
    ? { ...fromPixels(image), warnings: [] }
    : await readImage(image, { ...(maxPixels !== undefined && { maxPixels }), signal, alpha: "keep" });
  const photo = { data, height, width };
  return { photo, opaque: onWhite(photo), warnings };
}

/**
 * Make the model's input of an image.
 *
 * @throws {ImageError} If the photo cannot be read or decoded.
 * @throws {TypeError} If the image is of a wrong type or shape.
 */
export async function prepare(
  image: ImageInput,
  model: SeeingModel,
  options: InputOptions,
): Promise<ModelInput> {
  const input = model.inputs[findImageInput(model.inputs, options.input)]!;
  if (image instanceof tf.Tensor) {
    const x = fromTensor(image, input);
    return { x, photo: undefined, placement: undefined, warnings: [], decodedAt: performance.now() };
  }
  const target = sizeOf(input, options.size);
  const [preprocessing, notes] = choosePreprocessing(model, input, options);
  const { photo, opaque, warnings } = await readPhoto(image, options);
  const decodedAt = performance.now();
  const { data, shape, placement } = prepareInput(target.channels === 4 ? photo : opaque, target, {
    preprocessing,
    ...(options.fit && { fit: options.fit }),
  });
  return {
    x: tf.tensor4d(data, [...shape], input.dtype),
    photo: opaque,
    placement,
    warnings: [...warnings, ...target.warnings, ...notes],
    decodedAt,
  };
}
