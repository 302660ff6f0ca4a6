import * as tf from "../base/tfjs.ts";
import type { ImageInput } from "../input/image_input.ts";
import type { Tensor } from "../base/tensors.ts";

/** The numbers of a tensor, and their shape. */
interface SentTensor {
  readonly values: tf.DataTypeMap[tf.NumericDataType];
  readonly shape: readonly number[];
  readonly dtype: tf.NumericDataType;
}

/** A photo as it travels between threads. */
export type SentPhoto = Exclude<ImageInput, URL | Blob | Tensor> | { readonly tensor: SentTensor };

/** A photo ready to be sent, and what of it is handed over rather than copied. */
export interface PhotoToSend {
  readonly photo: SentPhoto;
  readonly transfer: Transferable[];
}

function handOver(bytes: Uint8Array<ArrayBuffer>): PhotoToSend {
  return { photo: bytes, transfer: [bytes.buffer] };
}

/**
 * Make a photo ready to be sent. What is the caller's stays so: its bytes are copied once.
 *
 * @param image A photo of any kind; a place to read from is read by the worker.
 */
export async function sendPhoto(image: ImageInput): Promise<PhotoToSend> {
  if (image instanceof URL) return { photo: image.href, transfer: [] };
  if (image instanceof Uint8Array) return handOver(new Uint8Array(image));
  if (image instanceof ArrayBuffer) return handOver(new Uint8Array(image.slice()));
  if (image instanceof Blob) return handOver(await image.bytes());
  if (image instanceof tf.Tensor) {
    const [values, { shape, dtype }] = [await image.data(), image];
    return { photo: { tensor: { values, shape, dtype: dtype as tf.NumericDataType } }, transfer: [] };
  }
  if (typeof image === "object" && image !== null && "data" in image) {
    const { data, height, width } = image;
    const copy = new Uint8ClampedArray(data);
    return { photo: { data: copy, height, width }, transfer: [copy.buffer] };
  }
  return { photo: image, transfer: [] };
}

/** The photo that was sent; a tensor is the caller's to dispose. */
export function receivePhoto(photo: SentPhoto): ImageInput {
  if (typeof photo !== "object" || photo === null || !("tensor" in photo)) return photo;
  const { values, shape, dtype } = photo.tensor;
  return tf.tensor(values, [...shape] as tf.Tensor4D["shape"], dtype) as tf.Tensor4D;
}
