import { ImageError } from "../../base/errors.ts";
import { lastPartOf, type Location, nameOf, readBytes, ReadError, toLocation } from "../../platform/files.ts";
import { entriesOf } from "../../platform/folders.ts";
import { describeOthers, isPhotoName } from "./folder_names.ts";
import { decodeNamed, openNamed, type OpenPhoto } from "./mod.ts";
import type { DecodedImage, DecodeOptions } from "./types.ts";

/** Where a photo comes from: a path, a URL (http, https, data, file), or its content. */
export type PhotoSource = string | URL | Uint8Array | ArrayBuffer | Blob;

/** What to say of what is no photo. */
export const noPhoto = "Cannot read a photo: give a path, a URL, bytes, pixels or a tensor";

/** Whether something is a photo's content, or may say where it is. */
export function isPhotoSource(value: unknown): value is PhotoSource {
  return typeof value === "string" || value instanceof URL || value instanceof Uint8Array ||
    value instanceof ArrayBuffer || value instanceof Blob;
}

/** Options of {@linkcode readImage}. */
export interface ReadImageOptions extends DecodeOptions {
  /** Stops a download. */
  readonly signal?: AbortSignal | undefined;
}

/** The largest file downloaded, in bytes. */
const maxBytes = 256 * 2 ** 20;

/** How messages name a photo that came without a name. */
const unnamed = "the image";

/** The content of a photo's file, and how messages name it. */
export class PhotoFile {
  /**
   * @param bytes The content.
   * @param name Quotes included.
   * @param fileName The file's name alone, where it has one.
   */
  constructor(readonly bytes: Uint8Array, readonly name: string, readonly fileName?: string) {}
}

/**
 * The name of a photo's file, without the folders that lead there.
 *
 * @returns `undefined` for what has none, such as bytes.
 */
export function fileNameOf(source: unknown): string | undefined {
  if (source instanceof PhotoFile) return source.fileName;
  if (source instanceof File) return lastPartOf(source.name);
  return typeof source === "string" || source instanceof URL ? lastPartOf(toLocation(source)) : undefined;
}

/** What to give in place of a folder. */
async function folderAdvice(folder: Location): Promise<string> {
  const names = (await entriesOf(folder)).filter(({ isFile }) => isFile).map(({ name }) => name);
  if (names.length === 0 || names.some(isPhotoName)) return ": give photos that lie in it";
  return ` without photos: ${await describeOthers(names)}`;
}

/**
 * Read a photo's file.
 *
 * @throws {ImageError} If it cannot be read; the message names the file and says why.
 * @throws {TypeError} If the source is of a wrong type.
 */
export async function readPhotoFile(source: PhotoSource, signal?: AbortSignal): Promise<PhotoFile> {
  if (!isPhotoSource(source)) throw new TypeError(noPhoto);
  if (source instanceof Uint8Array) return new PhotoFile(source, unnamed);
  if (source instanceof ArrayBuffer) return new PhotoFile(new Uint8Array(source), unnamed);
  if (source instanceof Blob) return new PhotoFile(await source.bytes(), unnamed, fileNameOf(source));
  const location = toLocation(source);
  const name = `"${nameOf(location)}"`;
  try {
    return new PhotoFile(await readBytes(location, { signal, maxBytes }), name, fileNameOf(source));
  } catch (error) {
    if (!(error instanceof ReadError)) throw error;
    const advice = error.kind === "folder" ? await folderAdvice(location) : "";
    throw new ImageError(`Cannot read ${name}: ${error.message}${advice}`, { cause: error });
  }
}

/** A photo's file, read where that has not been done before. */
async function fileOf(source: PhotoSource | PhotoFile, signal?: AbortSignal): Promise<PhotoFile> {
  return source instanceof PhotoFile ? source : await readPhotoFile(source, signal);
}

/**
 * Read a photo's file and open it, so that it can be read a few rows at a time.
 *
 * @param source Where it is, or its file that was read before.
 * @throws {ImageError} If it cannot be read or decoded; the message names the file and says why. So do its rows.
 * @throws {TypeError} If the source is of a wrong type.
 */
export async function openImage(
  source: PhotoSource | PhotoFile,
  { signal, ...options }: Omit<ReadImageOptions, "alpha"> = {},
): Promise<OpenPhoto> {
  const { bytes, name } = await fileOf(source, signal);
  return await openNamed(bytes, name, options);
}

/**
 * Read and decode a photo.
 *
 * @param source Where it is, or its file that was read before.
 * @throws {ImageError} If it cannot be read or decoded; the message names the file and says why.
 * @throws {TypeError} If the source is of a wrong type.
 */
export async function readImage(
  source: PhotoSource | PhotoFile,
  options: ReadImageOptions = {},
): Promise<DecodedImage> {
  const { signal, ...decoding } = options;
  const { bytes, name } = await fileOf(source, signal);
  return await decodeNamed(bytes, name, decoding);
}
