import * as tf from "@tensorflow/tfjs";
import { readImage } from "./image/read.ts";
import type { FitMode } from "./image/fit.ts";
import type { Placement, RgbaImage } from "./image/types.ts";
import {
  prepareInput,
  type Preprocessing,
  type PreprocessingName,
  preprocessings,
  resolvePreprocessing,
} from "./preprocess.ts";
import { findImageInput } from "./split/inputs.ts";
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

function isPixels(image: object): image is RgbaImage {
  return "data" in image && "width" in image && "height" in image;
}

/** Take a tensor as it is, after a look at its shape. */
function fromTensor(tensor: tf.Tensor, { shape }: TensorInfo): tf.Tensor4D {
  const given = tensor.rank === 3 ? [1, ...tensor.shape] : tensor.shape;
  const fits = given.length === 4 && given[0] === 1 &&
    shape.slice(1).every((size, index) => size === null || size === given[index + 1]);
  if (!fits) {
    const wanted = shape.slice(1).map((size) => size ?? "any").join(", ");
    throw new TypeError(
      `Cannot explain a tensor [${tensor.shape}]: the model takes [${wanted}] or [1, ${wanted}]`,
    );
  }
  return tensor.rank === 3 ? tensor.expandDims(0) : tensor.clone() as tf.Tensor4D;
}

/** The size that the model takes; where it takes any, the one that is wanted, or a usual one. */
function sizeOf(
  { shape: [, height, width, channels] }: TensorInfo,
  wanted: InputOptions["size"],
): { height: number; width: number; channels: number; warnings: string[] } {
  const [wantedHeight, wantedWidth] = typeof wanted === "object" ? wanted : [wanted, wanted];
  for (const [size, fixed] of [[wantedHeight, height], [wantedWidth, width]] as const) {
    if (size === undefined) continue;
    if (!Number.isInteger(size) || size < 1) {
      throw new RangeError(`Cannot use size ${wanted}: give whole pixels`);
    }
    if (fixed && fixed !== size) {
      throw new RangeError(
        `Cannot use size ${wanted}: the model takes ${height ?? "any"} × ${width ?? "any"}`,
      );
    }
  }
  const found = { height: height ?? wantedHeight ?? defaultSize, width: width ?? wantedWidth ?? defaultSize };
  const isGuessed = (!height || !width) && wanted === undefined;
  const warnings = isGuessed
    ? [`The model takes any size: the photo is brought to ${found.height} × ${found.width} (option "size")`]
    : [];
  return { ...found, channels: channels ?? 3, warnings };
}

function choosePreprocessing(
  model: ExplainableModel,
  { preprocess }: InputOptions,
): [Preprocessing, string[]] {
  if (preprocess !== undefined) return [resolvePreprocessing(preprocess), []];
  if (model.preprocessing) return [model.preprocessing, []];
  return [preprocessings.unit, [
    'The model does not say how it sees pixels: they are scaled to 0 … 1; if it was trained otherwise, set the option "preprocess"',
  ]];
}

/**
 * Make the model's input of an image.
 *
 * @throws {ImageError} If the photo cannot be read or decoded.
 * @throws {TypeError} If the image is of a wrong type or shape.
 */
export async function prepare(
  image: ImageInput,
  model: ExplainableModel,
  options: InputOptions,
): Promise<ModelInput> {
  const input = model.inputs[findImageInput(model.inputs, options.input)]!;
  if (image instanceof tf.Tensor) {
    const x = fromTensor(image, input);
    return { x, photo: undefined, placement: undefined, warnings: [], decodedAt: performance.now() };
  }
  const target = sizeOf(input, options.size);
  const [preprocessing, notes] = choosePreprocessing(model, options);
  const decoded = typeof image === "object" && isPixels(image)
    ? { ...image, warnings: [] }
    : await readImage(image, {
      ...(options.maxPixels !== undefined && { maxPixels: options.maxPixels }),
      ...(options.signal && { signal: options.signal }),
    });
  const decodedAt = performance.now();
  const { data, shape, placement } = prepareInput(decoded, target, {
    preprocessing,
    ...(options.fit && { fit: options.fit }),
  });
  const { width, height } = decoded;
  return {
    x: tf.tensor4d(data, [...shape]),
    photo: { data: decoded.data, width, height },
    placement,
    warnings: [...decoded.warnings, ...target.warnings, ...notes],
    decodedAt,
  };
}
