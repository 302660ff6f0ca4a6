import { ImageError } from "../errors.ts";
import { nameOf, readBytes, ReadError, toLocation } from "../files.ts";
import { decodeImage, decodeNamed } from "./mod.ts";
import type { DecodedImage, DecodeOptions } from "./types.ts";

/** Where a photo comes from: a path, a URL (http, https, data, file), or its content. */
export type PhotoSource = string | URL | Uint8Array | ArrayBuffer | Blob;

/** Options of {@linkcode readImage}. */
export interface ReadImageOptions extends DecodeOptions {
  /** Stops a download. */
  readonly signal?: AbortSignal | undefined;
}

/** The largest file downloaded, in bytes. */
const maxBytes = 256 * 2 ** 20;

/**
 * Read and decode a photo.
 *
 * @throws {ImageError} If it cannot be read or decoded; the message names the file and says why.
 * @throws {TypeError} If the source is of a wrong type.
 */
export async function readImage(source: PhotoSource, options: ReadImageOptions = {}): Promise<DecodedImage> {
  if (source instanceof Uint8Array) return await decodeImage(source, options);
  if (source instanceof ArrayBuffer) return await decodeImage(new Uint8Array(source), options);
  if (source instanceof Blob) return await decodeImage(await source.bytes(), options);
  if (typeof source !== "string" && !(source instanceof URL)) {
    throw new TypeError("Cannot read a photo: give a path, a URL, bytes, pixels or a tensor");
  }
  const location = toLocation(source);
  const name = `"${nameOf(location)}"`;
  let bytes: Uint8Array;
  try {
    bytes = await readBytes(location, { signal: options.signal, maxBytes });
  } catch (error) {
    if (!(error instanceof ReadError)) throw error;
    throw new ImageError(`Cannot read ${name}: ${error.message}`);
  }
  return await decodeNamed(bytes, name, options);
}
