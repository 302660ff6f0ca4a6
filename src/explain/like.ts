import * as tf from "../base/tfjs.ts";
import { ImageError } from "../base/errors.ts";
import { isPixels } from "../input/image_input.ts";
import type { InputOptions } from "../input/input_options.ts";
import { fileNameOf } from "../input/image/read.ts";
import { readPhoto } from "../input/plan.ts";
import type { GradcamOptions } from "./gradcam_options.ts";
import { isEmbedding, likeNameOf, type ReadPhoto } from "./target_plan.ts";

/** A photo or an embedding that others are compared with. */
type Like = NonNullable<GradcamOptions["like"]>;

/**
 * Read a photo to be like once, where many photos are compared with it; one that is taken in a range of its own values
 * is read each time, since these are known to its file alone.
 *
 * @param like A photo; tensors, pixels and embeddings stay as they are.
 * @param options What reading a photo takes.
 * @throws {ImageError} If it cannot be read.
 */
export async function readLike(like: Like, options: InputOptions): Promise<Like> {
  if (isEmbedding(like) || like instanceof tf.Tensor || isPixels(like) || options.range !== undefined) {
    return like;
  }
  try {
    const read: ReadPhoto = { ...await readPhoto(like, options), photoName: fileNameOf(like) };
    return read;
  } catch (error) {
    if (!(error instanceof ImageError) || error.message.includes(likeNameOf(like))) throw error;
    throw new ImageError(`${error.message} (it is what the photo is to be like)`, { cause: error });
  }
}
