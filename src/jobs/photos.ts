import type { ImageInput } from "../input/image_input.ts";
import { Feed, type Items } from "./feed.ts";
import { photosIn } from "./photos_in.ts";

/**
 * Many photos: a folder by its path or `file:` URL, or an array, a generator or a stream of whatever `gradcam` takes.
 */
export type Photos = string | URL | Items<ImageInput>;

function isItems(photos: unknown): photos is Items<ImageInput> {
  return typeof photos === "object" && photos !== null && !ArrayBuffer.isView(photos) &&
    (Symbol.iterator in photos || Symbol.asyncIterator in photos);
}

/**
 * Begin to go through photos. A path that is no folder of photos stands for itself.
 *
 * @param signal Stops the waiting for the next.
 * @throws {TypeError} If they are no collection.
 */
export async function feedOf(photos: Photos, signal: AbortSignal | undefined): Promise<Feed<ImageInput>> {
  if (typeof photos === "string" || photos instanceof URL) {
    const found = await photosIn(photos);
    return new Feed<ImageInput>(found.length > 0 ? found : [photos], signal);
  }
  if (isItems(photos)) return new Feed(photos, signal);
  throw new TypeError(
    "Cannot go through the photos: give an array, a stream or a folder, or one to gradcam()",
  );
}
