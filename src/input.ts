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
import type { ExplainableModel } from "./split/mod.ts";
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
function fromTensor(tensor: tf.Tensor, model: ExplainableModel): tf.Tensor4D {
  const { shape } = model.inputs[0]!;
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

/** The size that the model takes, or a usual one where it takes any. */
function sizeOf(
  model: ExplainableModel,
): { height: number; width: number; channels: number; warnings: string[] } {
  const { name, shape } = model.inputs[0]!;
  if (shape.length !== 4) {
    throw new TypeError(
      `Cannot feed a photo into input "${name}" [${shape.map((size) => size ?? "?").join(", ")}]`,
    );
  }
  const [, height, width, channels] = shape;
  const warnings = height && width
    ? []
    : [`The model takes any size: the photo is brought to ${defaultSize} × ${defaultSize}`];
  return { height: height ?? defaultSize, width: width ?? defaultSize, channels: channels ?? 3, warnings };
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
  if (image instanceof tf.Tensor) {
    const x = fromTensor(image, model);
    return { x, photo: undefined, placement: undefined, warnings: [], decodedAt: performance.now() };
  }
  const target = sizeOf(model);
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
