import { decoded } from "../base/decoded.ts";
import { ModelError } from "../base/errors.ts";
import { quote } from "../base/quote.ts";
import {
  beside,
  isRemote,
  lastPartOf,
  type Location,
  mayRead,
  nameOf,
  ReadError,
  readFrom,
  readHead,
  toLocation,
} from "../platform/files.ts";
import { fileSource } from "../platform/byte_source.ts";
import { entriesOf } from "../platform/folders.ts";
import { openEmbedded } from "./embedded.ts";
import { asBytes, type ModelBytes, type ModelFiles, openFileSet } from "./file_set.ts";
import { findHalf } from "./halves.ts";
import { asFile, type FileOptions, MainReader } from "./main_reader.ts";
import type { ModelFile, ModelFolder } from "./model_folder.ts";
import { siblings } from "./siblings.ts";

/** A file of weights: where it is, or what it holds. */
export type WeightsSource = string | URL | ModelBytes;

/** How a model's files are read. */
export interface FolderOptions extends FileOptions {
  /** The file whose weights are to take the place of the model's own. */
  readonly weights?: WeightsSource | undefined;
}

/** The names of the files in the folder that a file lies in; `undefined` where they cannot be had. */
async function namesBeside(file: Location): Promise<string[] | undefined> {
  const entries = isRemote(file) ? [] : await entriesOf(beside(file, "."));
  const names = entries.filter(({ isDirectory }) => !isDirectory).map(({ name }) => name);
  return names.length > 0 ? names : undefined;
}

async function openLocation(location: Location, options: FolderOptions): Promise<ModelFolder> {
  const name = nameOf(location);
  function fail(error: unknown, file = name): never {
    if (!(error instanceof ReadError)) throw error;
    throw new ModelError(`Cannot open model ${quote(file)}: ${error.message}`, { cause: error });
  }
  const reader = new MainReader(options);
  const read = await reader.read(location).catch((error) => fail(error));
  const { at, found, pieces, note } = read;
  return {
    name,
    title: lastPartOf(location),
    holder: partsOf(at).at(-2),
    notes: note === undefined ? [] : [note],
    get main() {
      return read.main;
    },
    pieces,
    async read(file, signal) {
      const signals = [options.signal, signal].filter((one) => one !== undefined);
      let failure: { error: unknown; file: string } | undefined;
      for (const sibling of siblings(at, found, file)) {
        if (file.startsWith("../") && !isRemote(sibling) && !mayRead(sibling)) continue; // it is a guess
        try {
          return (await readFrom(sibling, { ...options, signal: AbortSignal.any(signals) })).bytes;
        } catch (error) {
          if (!(error instanceof ReadError)) throw error;
          if (error.kind !== "missing") failure ??= { error, file: nameOf(sibling) };
        }
      }
      return failure && fail(failure.error, failure.file);
    },
    async open(file) {
      for (const sibling of isRemote(at) ? [] : siblings(at, found, file)) {
        try {
          await readHead(sibling, 1, options); // says in words why a file cannot be read
          return fileSource(sibling);
        } catch (error) {
          if (!(error instanceof ReadError)) throw error;
          if (error.kind !== "missing") fail(error, nameOf(sibling));
        }
      }
      return undefined;
    },
    async findHalf(half) {
      const names = await namesBeside(at);
      const open = (file: string) => reader.guess(at, found, file, names !== undefined);
      return await findHalf(half, baseName(at), { model: name, names, open });
    },
  };
}

/** The names of the folders that lead to a file, and its own. */
function partsOf(location: Location): string[] {
  const path = location instanceof URL ? decoded(location.pathname) : location;
  return path.split(/[/\\]/);
}

/** The name of a file without the folders that it lies in. */
function baseName(location: Location): string {
  return partsOf(location).at(-1)!;
}

/** Open a file of weights. */
async function openWeights(source: WeightsSource, options: FolderOptions): Promise<ModelFile> {
  const bytes = asBytes(source);
  if (bytes) {
    return { name: source instanceof File && source.name ? source.name : "bytes", main: await bytes };
  }
  const location = toLocation(source as string | URL);
  const name = nameOf(location);
  try {
    return asFile(name, await new MainReader(options).readFile(location));
  } catch (error) {
    if (!(error instanceof ReadError)) throw error;
    throw new ModelError(`Cannot open weights ${quote(name)}: ${error.message}`, { cause: error });
  }
}

/** A model's files with weights that take the place of its own. */
function withWeights(folder: ModelFolder, weights: ModelFile): ModelFolder {
  return {
    name: folder.name,
    title: folder.title,
    get main() {
      return folder.main;
    },
    pieces: folder.pieces,
    holder: folder.holder,
    notes: folder.notes,
    weights,
    read: (name, signal) => folder.read(name, signal),
  };
}

/** Where the files of a model are, or what they hold. */
export type FolderSource = string | URL | ModelBytes | ModelFiles | readonly File[];

/**
 * Open a model's main file, wherever it is.
 *
 * @param source A path, a URL, a folder of either kind, the bytes of one file, or several files; the embedded model if left
 * out.
 * @throws {ModelError} If it cannot be read.
 */
export async function openFolder(
  source: FolderSource | undefined,
  options: FolderOptions = {},
): Promise<ModelFolder> {
  const folder = await openFiles(source, options);
  return options.weights === undefined
    ? folder
    : withWeights(folder, await openWeights(options.weights, options));
}

async function openFiles(source: FolderSource | undefined, options: FolderOptions): Promise<ModelFolder> {
  if (source === undefined) return await openEmbedded();
  if (typeof source === "string" || source instanceof URL) {
    return await openLocation(toLocation(source), options);
  }
  const bytes = asBytes(source);
  if (!bytes) return await openFileSet(source as ModelFiles | readonly File[]);
  const title = source instanceof File && source.name ? lastPartOf(source.name) : undefined;
  return { name: title ?? "bytes", title, main: await bytes, read: () => Promise.resolve(undefined) };
}
