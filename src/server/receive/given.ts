import { Problem } from "../problem.ts";
import type { Limits } from "../limits.ts";
import type { PhotoBytes } from "../engine/mod.ts";
import { quote } from "../../base/quote.ts";

/** Parameters by name, each with all of its values, as texts. */
export type Given = ReadonlyMap<string, readonly string[]>;

/** A photo as a request gives it: itself, where it lies, or the id under which it was kept. */
export type GivenPhoto = { readonly file: PhotoBytes } | { readonly url: string } | { readonly id: string };

/** What a body says. */
export interface BodyContent {
  /** The photo, where the body has one. */
  readonly photo?: GivenPhoto | undefined;
  /** The files of photos for other inputs, by the inputs' names. */
  readonly photos?: Readonly<Record<string, PhotoBytes>> | undefined;
  /** The file of the photo that it is compared with, likewise. */
  readonly like?: PhotoBytes | undefined;
  /** The parameters. */
  readonly parameters: Given;
  /** What to say where it has no photo, and the URL names none either. */
  readonly without: string;
}

/** The member, the field and the URL's parameter that give the photo. */
export const photoName = "photo";

/** @throws {Problem} 400 if something has more fields or parameters than are taken. */
export function checkFieldCount(count: number, what: string, { maxFields }: Limits): void {
  if (count <= maxFields) return;
  throw new Problem(400, `Cannot read ${what}: it has more than ${maxFields} parts`, {}, "too-many-fields");
}

/** @throws {Problem} 400 if a field is longer than is taken. */
export function checkFieldLength(name: string, bytes: number, { maxFieldBytes }: Limits): void {
  if (bytes <= maxFieldBytes) return;
  throw new Problem(
    400,
    `Cannot use ${quote(name)}: it has ${bytes} bytes, at most ${maxFieldBytes} are taken`,
    {},
    "too-long",
  );
}

/** Add a value to those of a name. */
export function addValue(given: Map<string, string[]>, name: string, value: string): void {
  const values = given.get(name);
  if (values) values.push(value);
  else given.set(name, [value]);
}

/**
 * The parameters of a URL.
 *
 * @throws {Problem} 400 if there are too many, or one is too long.
 */
export function readUrl({ search, searchParams }: URL, limits: Limits): Map<string, string[]> {
  checkFieldCount(countOf(search, "&", limits.maxFields + 1) + 1, "the URL", limits);
  const given = new Map<string, string[]>();
  for (const [name, value] of searchParams) {
    checkFieldLength(name, Math.max(name.length, value.length), limits);
    addValue(given, name, value);
  }
  return given;
}

/** How often a separator is in a text, but no more than `most`. */
function countOf(text: string, separator: string, most: number): number {
  let count = 0;
  for (let at = text.indexOf(separator); at >= 0 && count < most; at = text.indexOf(separator, at + 1)) {
    count++;
  }
  return count;
}
