import { cut, quote } from "../../base/quote.ts";
import type { PhotoBytes } from "../engine/mod.ts";
import { inputPrefix, isOtherPhotoName, likeName } from "../input_names.ts";
import type { Limits } from "../limits.ts";
import { Problem } from "../problem.ts";
import {
  addValue,
  type BodyContent,
  checkFieldCount,
  checkFieldLength,
  type Given,
  photoName,
} from "./given.ts";
import { readHeaderValue } from "./header_parameters.ts";
import { FormError, type Part, readParts } from "./multipart.ts";

/** How many names of files a message lists. */
const mostListed = 5;

function damaged(why: string): Problem {
  return new Problem(400, `Cannot read the form: ${why}`, {}, "form-invalid");
}

/** What stands between the parts. */
function boundaryOf(contentType: string): string {
  const boundary = readHeaderValue(contentType)?.parameters.get("boundary") ?? "";
  if (boundary.length >= 1 && boundary.length <= 70) return boundary;
  throw damaged("its content-type does not say its boundary");
}

async function partsOf(
  body: Uint8Array<ArrayBuffer>,
  contentType: string,
  limits: Limits,
): Promise<readonly Part[]> {
  const boundary = boundaryOf(contentType);
  try {
    const { parts, isMore } = await readParts(body, { boundary, maxParts: limits.maxFields });
    checkFieldCount(parts.length + Number(isMore), "the form", limits);
    return parts;
  } catch (error) {
    throw error instanceof FormError ? damaged(error.message) : error;
  }
}

/** Browsers send an empty file where none was chosen. */
function isChosen({ content, fileName }: Part): boolean {
  return content.length > 0 || (fileName ?? "") !== "";
}

function isText({ content }: Part): boolean {
  try {
    new TextDecoder("utf-8", { fatal: true }).decode(content);
    return true;
  } catch {
    return false;
  }
}

/** Whether a part may be a list of numbers, as far as its beginning tells. */
function mayBeNumbers({ content }: Part): boolean {
  return /^[0-9eE+.,\s-]*$/.test(new TextDecoder().decode(content.subarray(0, 100)));
}

/**
 * Whether a part is a file: where there may be one, also what no text can be, and where embeddings may be, also what are no
 * numbers, since not every client names its files.
 */
function isFile(part: Part): boolean {
  const { name } = part;
  if (part.isFile || name === likeName && !mayBeNumbers(part)) return true;
  return (name === photoName || isOtherPhotoName(name)) && !isText(part);
}

function listNames(files: readonly Part[]): string {
  const names = files.slice(0, mostListed).map(({ name }) => quote(name));
  return [...names, ...files.length > mostListed ? ["…"] : []].join(", ") || "none";
}

/** What to say where the photo is not to be found among a form's files. */
function withoutPhoto(files: readonly Part[]): string {
  const others = files.filter(({ name }) => !isOtherPhotoName(name)).length > 1
    ? ` (those for other inputs are named ${inputPrefix}NAME)`
    : "";
  return `Cannot find the photo: give one file in the field "${photoName}", the files are ${
    listNames(files)
  }${others}`;
}

/** The photo that is explained among a form's files; none is among no files. */
function photoAmong(files: readonly Part[]): Part | undefined {
  const photos = files.filter(({ name }) => !isOtherPhotoName(name));
  if (photos.length === 0) return undefined;
  if (photos.length === 1 && photos[0]!.name === photoName) return photos[0];
  throw new Problem(400, withoutPhoto(files), {}, "photo-missing");
}

/** Texts by their fields' names. */
function readTexts(parts: readonly Part[], limits: Limits): Map<string, string[]> {
  const given = new Map<string, string[]>();
  const decoder = new TextDecoder();
  for (const { name, content } of parts) {
    checkFieldLength(name, content.length, limits);
    addValue(given, name, decoder.decode(content));
  }
  return given;
}

/** The photos for other inputs, and the one to be like; each is given once, and not as numbers too. */
function otherPhotos(files: readonly Part[], texts: Given): Part[] {
  const photos = files.filter(({ name }) => isOtherPhotoName(name));
  const counts = Map.groupBy(photos, ({ name }) => name);
  for (const [name, { length }] of counts) {
    const times = length + (texts.get(name)?.length ?? 0);
    if (times === 1) continue;
    throw new Problem(400, `Cannot use ${cut(name)} ${times} times: give it once`, {}, "bad-parameter");
  }
  return photos;
}

/** A file of a form: its bytes are a view of the form's, or where there are several a copy, so that none shares memory. */
function fileOf({ content, fileName }: Part, isOnly: boolean): PhotoBytes {
  return { bytes: isOnly ? content : content.slice(), name: fileName || undefined };
}

/** The id of a photo that was kept, in the place of a file. */
function idAmong(texts: Map<string, string[]>, photo: Part | undefined): string | undefined {
  const ids = (texts.get(photoName) ?? []).filter((id) => id !== "");
  texts.delete(photoName);
  if (ids.length + Number(photo !== undefined) <= 1) return ids[0];
  throw new Problem(400, `Cannot use ${photoName} several times: give it once`, {}, "bad-parameter");
}

/**
 * Read a form: the photo, photos for other inputs, and parameters.
 *
 * @throws {Problem} 400 if it is damaged, has too many or too long fields, or the photo cannot be told among its files.
 */
export async function readForm(
  body: Uint8Array<ArrayBuffer>,
  contentType: string,
  limits: Limits,
): Promise<BodyContent> {
  const parts = await partsOf(body, contentType, limits);
  const byKind = Map.groupBy(parts, isFile);
  const files = (byKind.get(true) ?? []).filter(isChosen);
  const parameters = readTexts(byKind.get(false) ?? [], limits);
  const photo = photoAmong(files);
  const others = otherPhotos(files, parameters);
  const id = idAmong(parameters, photo);
  const isOnly = others.length + Number(photo !== undefined) === 1;
  const like = others.find(({ name }) => name === likeName);
  const photos = others.filter((part) => part !== like)
    .map((part) => [part.name.slice(inputPrefix.length), fileOf(part, isOnly)] as const);
  return {
    photo: photo ? { file: fileOf(photo, isOnly) } : id === undefined ? undefined : { id },
    photos: Object.fromEntries(photos),
    like: like && fileOf(like, isOnly),
    parameters,
    without: withoutPhoto(files),
  };
}
