import * as tf from "../base/tfjs.ts";
import type { Tensor3D, Tensor4D } from "../base/tensors.ts";
import { isPhotoSource, noPhoto, PhotoFile } from "./image/read.ts";
import type { RgbaImage } from "./image/types.ts";

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

/** A photo of whatever kind: all but a tensor; or its file that was read before. */
export type PhotoInput = Exclude<ImageInput, Tensor3D | Tensor4D> | PhotoFile;

/** Whether an image is pixels already. */
export function isPixels(image: unknown): image is RgbaImage {
  return typeof image === "object" && image !== null && "data" in image && "width" in image &&
    "height" in image;
}

/** Whether values are numbers of 8 bits, as far as they say it: those of 16 bits and fractions would be cut off at 255. */
function areBytes(data: { readonly BYTES_PER_ELEMENT?: number }): boolean {
  return data.BYTES_PER_ELEMENT === undefined || data.BYTES_PER_ELEMENT === 1;
}

/**
 * Pixels as the caller gives them, after a look at their number.
 *
 * @throws {TypeError} If their number does not fit their size, or they have more than 8 bits.
 */
function checkPixels({ data, height, width }: RgbaImage): void {
  if (!(Number.isInteger(height) && height > 0 && Number.isInteger(width) && width > 0)) {
    throw new TypeError(`Cannot explain ${width} × ${height} pixels: width and height are whole and above 0`);
  }
  if (!areBytes(data)) {
    throw new TypeError(
      `Cannot explain pixels in a ${data.constructor.name}: give 8 bits a channel, a Uint8ClampedArray, or a tensor`,
    );
  }
  if (data.length !== height * width * 4) {
    throw new TypeError(
      `Cannot explain ${width} × ${height} pixels: they have ${
        height * width * 4
      } values, red, green, blue and alpha each, not ${data.length}`,
    );
  }
}

/** Whether something is a photo's file or place, of one kind or another. */
function isFile(value: unknown): boolean {
  return isPhotoSource(value) || value instanceof PhotoFile;
}

/** Whether something is an image rather than options. */
export function isImage(value: unknown): value is ImageInput {
  return isFile(value) || isPixels(value) || value instanceof tf.Tensor;
}

/**
 * Make sure that something is a photo of one kind or another, before anything is read.
 *
 * @throws {TypeError} If it is none, or its pixels do not fit their size.
 */
export function checkPhoto(image: unknown): asserts image is PhotoInput {
  if (isPixels(image)) return checkPixels(image);
  if (isFile(image)) return;
  throw new TypeError(noPhoto);
}
