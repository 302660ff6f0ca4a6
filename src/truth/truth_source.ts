import { TruthError } from "../base/errors.ts";
import { quote } from "../base/quote.ts";
import {
  beside,
  inside,
  type Location,
  nameOf,
  readBytes,
  ReadError,
  toLocation,
} from "../platform/files.ts";
import { entriesOf } from "../platform/folders.ts";

/** The largest file read, in bytes: as long as a text may be. */
const maxBytes = 500_000_000;

/** How deep folders inside folders are looked through. */
const deepest = 6;

/** A file of a folder. */
export interface TruthFile {
  /** Its path in the folder, such as `"train/cat.xml"`. */
  readonly path: string;
  /** Where it is. */
  readonly place: string | URL;
  /**
   * Its content.
   *
   * @throws {TruthError} If it cannot be read.
   */
  read(): Promise<Uint8Array>;
}

function endingOf(path: string): string {
  return /\.[^./\\]+$/.exec(path)?.[0].toLowerCase() ?? "";
}

/** A path without its last ending. */
export function stemOf(path: string): string {
  return path.slice(0, path.length - endingOf(path).length);
}

async function readFile(location: Location, signal: AbortSignal | undefined): Promise<Uint8Array> {
  try {
    return await readBytes(location, { signal, maxBytes });
  } catch (error) {
    if (!(error instanceof ReadError)) throw error;
    throw new TruthError(`Cannot read truth ${quote(nameOf(location))}: ${error.message}`);
  }
}

/** The paths of all files in a folder and in those inside it, in their order. */
async function pathsIn(folder: Location, depth = 0): Promise<string[]> {
  const entries = (await entriesOf(folder)).sort((a, b) => a.name < b.name ? -1 : 1);
  const inner = entries.map(async ({ name, isDirectory, isFile }) => {
    if (isFile) return [name];
    if (!isDirectory || depth === deepest) return [];
    return (await pathsIn(inside(folder, name), depth + 1)).map((path) => `${name}/${path}`);
  });
  return (await Promise.all(inner)).flat();
}

/** A file or a folder that says where objects are; what it holds is read once. */
export class TruthSource {
  /** The content of a file; `undefined` of a folder. */
  readonly bytes: Uint8Array | undefined;
  /** The files of a folder; of a file none. */
  readonly files: readonly TruthFile[];
  /** How messages name it, in quotation marks. */
  readonly name: string;
  readonly #location: Location;
  readonly #signal: AbortSignal | undefined;
  #json: { readonly value: unknown } | { readonly error: string } | undefined;
  #text: string | undefined;

  private constructor(
    location: Location,
    bytes: Uint8Array | undefined,
    paths: readonly string[],
    signal: AbortSignal | undefined,
  ) {
    this.#location = location;
    this.#signal = signal;
    this.name = quote(nameOf(location));
    this.bytes = bytes;
    this.files = paths.map((path) => this.#file(inside(location, path), path));
  }

  /**
   * Read a file, or list a folder.
   *
   * @throws {TruthError} If neither can be done.
   */
  static async open(place: string | URL, signal?: AbortSignal): Promise<TruthSource> {
    const location = toLocation(place);
    const paths = await pathsIn(location);
    const bytes = paths.length > 0 ? undefined : await readFile(location, signal);
    return new TruthSource(location, bytes, paths, signal);
  }

  /** The file as text; empty of a folder. */
  get text(): string {
    this.#text ??= new TextDecoder().decode(this.bytes ?? new Uint8Array()); // a mark of the order of bytes is left out
    return this.#text;
  }

  /** How a file begins, as text without white space before it. */
  get head(): string {
    return new TextDecoder().decode(this.bytes?.subarray(0, 4096)).trimStart();
  }

  /** Whether it begins as JSON does. */
  get isJson(): boolean {
    return /^[[{]/.test(this.head);
  }

  /**
   * The file as JSON.
   *
   * @throws {TruthError} If it is none, or cut.
   */
  get json(): unknown {
    this.#json ??= parseJson(this.text);
    if ("error" in this.#json) throw new TruthError(`Cannot read truth ${this.name}: ${this.#json.error}`);
    return this.#json.value;
  }

  /** The files with some endings, such as `".xml"`. */
  withEnding(...endings: readonly string[]): TruthFile[] {
    return this.files.filter(({ path }) => endings.includes(endingOf(path)));
  }

  /** Where something is by its path from the folder that this file lies in, or from this folder. */
  #place(path: string): Location {
    return this.bytes ? beside(this.#location, path) : inside(this.#location, path);
  }

  #file(place: Location, path: string): TruthFile {
    return { path, place, read: () => readFile(place, this.#signal) };
  }

  /** A file beside this one, or in this folder, by its path from there. */
  near(path: string): TruthFile {
    return this.#file(this.#place(path), path);
  }

  /** The files of a folder that is given likewise. */
  async filesOf(path: string): Promise<TruthFile[]> {
    const folder = this.#place(path === "." ? "./" : path);
    return (await pathsIn(folder)).map((inner) => this.#file(inside(folder, inner), inner));
  }
}

function parseJson(text: string): { readonly value: unknown } | { readonly error: string } {
  try {
    return { value: JSON.parse(text) };
  } catch {
    const isCut = !/[\]}]\s*$/.test(text);
    return { error: isCut ? "the JSON is cut: it ends in the middle" : "it is no JSON" };
  }
}
