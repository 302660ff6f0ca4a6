/**
 * What is known to be on photos: the registry of truth files. A new kind is one file beside this one and one line in
 * {@linkcode truthFormats}.
 *
 * @module
 */
import { sha256 } from "../base/sha256.ts";
import { TruthError } from "../base/errors.ts";
import { cocoFormat } from "./coco.ts";
import { findEntry } from "./find_entry.ts";
import { masksFormat } from "./masks.ts";
import { simpleFormat } from "./simple.ts";
import type { FoundTruth, NamedTruthFormat, PhotoSize, TruthEntry } from "./truth_format.ts";
import { TruthSource } from "./truth_source.ts";
import { vocFormat } from "./voc.ts";
import { yoloFormat } from "./yolo.ts";

export type { PhotoTruth, TruthBox, TruthMask, TruthObject } from "../metrics/truth.ts";
export type { FoundObject, FoundTruth, NamedTruthFormat, PhotoSize, TruthEntry } from "./truth_format.ts";

/** All kinds, in the order in which they are tried. */
export const truthFormats: readonly NamedTruthFormat[] = Object.freeze([
  cocoFormat,
  simpleFormat,
  vocFormat,
  yoloFormat,
  masksFormat,
]);

/** What a truth file or folder says of photos; what it says of one is read when it is asked for. */
export interface TruthFiles {
  /** The kind, such as `"coco"`. */
  readonly kind: string;
  /** SHA-256 of the file, or of the paths in the folder, in hexadecimal. */
  readonly hash: string;
  /** What is wrong with the whole of it, a sentence each; the rest is used. */
  readonly warnings: readonly string[];
  /** What it has, one for each photo. */
  readonly entries: readonly TruthEntry[];
  /**
   * What it says of a photo.
   *
   * @param photo The photo's path or name.
   * @param sizeOf The photo's size, which not all files need.
   * @returns `undefined` where it says nothing of it.
   * @throws {TruthError} If what it says cannot be read, or it has several of that name.
   */
  find(photo: string, sizeOf: () => Promise<PhotoSize>): Promise<FoundTruth | undefined>;
}

async function hashOf({ bytes, files }: TruthSource): Promise<string> {
  return await sha256(bytes as Uint8Array<ArrayBuffer> ?? files.map(({ path }) => path).join("\n"));
}

/** A file or folder; of a folder whose only JSON file lies directly in it, that file. */
async function openSource(place: string | URL, signal: AbortSignal | undefined): Promise<TruthSource> {
  const source = await TruthSource.open(place, signal);
  const [only, ...others] = source.withEnding(".json").filter(({ path }) => !path.includes("/"));
  return only && others.length === 0 ? await TruthSource.open(only.place, signal) : source;
}

/**
 * Read what is known to be on photos.
 *
 * @param place A file, a folder, or a URL of a file.
 * @param options A signal that stops it.
 * @throws {TruthError} If it is of no known kind, or nothing of it can be used.
 */
export async function openTruth(
  place: string | URL,
  { signal }: { readonly signal?: AbortSignal | undefined } = {},
): Promise<TruthFiles> {
  const source = await openSource(place, signal);
  for (const format of truthFormats) {
    if (!await format.recognise(source)) continue;
    const { entries, warnings } = await format.open(source);
    const find = findEntry(entries);
    return {
      kind: format.name,
      hash: await hashOf(source),
      warnings: warnings.map((warning) => `Truth ${source.name}: ${warning}`),
      entries,
      find: async (photo, sizeOf) => await find(photo)?.read(sizeOf),
    };
  }
  const kinds = truthFormats.map(({ title }) => title).join(", ");
  throw new TruthError(`Cannot read truth ${source.name}: use ${kinds}`);
}
