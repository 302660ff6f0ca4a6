import { ModelError } from "../base/errors.ts";
import {
  beside,
  inside,
  isRemote,
  type Location,
  mayRead,
  nameOf,
  ReadError,
  readFrom,
  readHead,
  readNow,
  toLocation,
} from "../platform/files.ts";
import { entriesOf, isThere, namesWithin } from "../platform/folders.ts";
import { fileSource } from "../platform/byte_source.ts";
import { openEmbedded } from "./embedded.ts";
import { asBytes, type ModelBytes, type ModelFiles, openFileSet } from "./file_set.ts";
import { findHalf } from "./halves.ts";
import { findMainFile, mainFile } from "./main_file.ts";
import { headSize, type ModelFile, type ModelFolder } from "./model_folder.ts";
import { siblings } from "./siblings.ts";
import { isHdf5, isZip } from "./signatures.ts";

/** A file of weights: where it is, or what it holds. */
export type WeightsSource = string | URL | ModelBytes;

/** How files are read. */
export interface FolderOptions {
  /** The file whose weights are to take the place of the model's own. */
  readonly weights?: WeightsSource | undefined;
  /** Stops a download. */
  readonly signal?: AbortSignal | undefined;
  /** Told of the bytes of each part that is read. */
  readonly onBytes?: ((bytes: number) => void) | undefined;
}

function isFolderName(location: Location): boolean {
  return /[/\\]$/.test(location instanceof URL ? location.pathname : location);
}

/** A main file: where it was asked for, where it was found, and what it holds. */
type FoundMain = { readonly at: Location; readonly found: Location } & Pick<ModelFolder, "main" | "pieces">;

/** Reads the main file of a model. */
class MainReader {
  constructor(readonly options: FolderOptions) {}

  /** @throws {ReadError} If it cannot be read. */
  async read(location: Location): Promise<FoundMain> {
    if (isRemote(location)) return await this.#readRemote(location);
    try {
      return await this.#readLocal(location);
    } catch (error) {
      if (!(error instanceof ReadError)) throw error;
      const isFolder = error.kind === "folder" || (error.kind === "missing" && isFolderName(location));
      if (!isFolder) throw error;
      return await this.#readFolder(location);
    }
  }

  /** @throws {ReadError} If it cannot be read. */
  async readFile(location: Location): Promise<Pick<ModelFile, "main" | "pieces">> {
    if (!isRemote(location)) return await this.#readLocal(location);
    return { main: (await readFrom(location, this.options)).bytes };
  }

  /**
   * A file that may lie beside another. What may not be read counts as not there: it is a guess.
   *
   * @param at Where the other was asked for.
   * @param found Where it was found.
   * @param isListed Whether its folder says that it is there.
   */
  async guess(
    at: Location,
    found: Location,
    name: string,
    isListed: boolean,
  ): Promise<ModelFile | undefined> {
    const places = isListed
      ? [beside(at, at instanceof URL ? encodeURIComponent(name) : name)]
      : siblings(at, found, name);
    for (const place of places) {
      if (!isRemote(place) && !isListed && !mayRead(place)) continue;
      try {
        return asFile(nameOf(place), await this.readFile(place));
      } catch (error) {
        if (!(error instanceof ReadError)) throw error;
      }
    }
    return undefined;
  }

  /** Keras's files are read piece by piece: their weights would be in memory twice. */
  async #readLocal(at: Location): Promise<FoundMain> {
    const head = await readHead(at, headSize, this.options);
    if (!isHdf5(head) && !isZip(head)) {
      return { at, found: at, main: (await readFrom(at, this.options)).bytes };
    }
    return {
      at,
      found: at,
      get main() {
        return readNow(at);
      },
      pieces: { head, open: () => fileSource(at) },
    };
  }

  async #readFolder(folder: Location): Promise<FoundMain> {
    try {
      return await this.#readLocal(inside(folder, mainFile));
    } catch (error) {
      if (!(error instanceof ReadError) || error.kind !== "missing") throw error;
    }
    if (!await isThere(folder)) throw new ReadError("no such folder", "missing");
    const main = await findMainFile(
      await namesWithin(folder),
      async (name) => (await readFrom(inside(folder, name), this.options)).bytes,
    );
    if ("reason" in main) throw new ReadError(main.reason, "missing");
    return await this.#readLocal(inside(folder, main.file));
  }

  /** A folder on a server is known by its slash, also where the server has put that in. */
  async #readRemote(url: URL): Promise<FoundMain> {
    const isOpaque = url.protocol === "data:" || url.protocol === "blob:";
    if (!isOpaque && isFolderName(url)) {
      const at = inside(url, mainFile);
      const { bytes: main, location: found } = await readFrom(at, this.options);
      return { at, found, main };
    }
    try {
      const { bytes: main, location: found } = await readFrom(url, this.options);
      if (isOpaque || !isFolderName(found)) return { at: url, found, main };
      return await this.#readRemote(found as URL);
    } catch (error) {
      // Few servers list a folder: they send on to its slash, and then refuse.
      const sentTo = error instanceof ReadError ? error.location : undefined;
      if (!sentTo || isOpaque || !isFolderName(sentTo)) throw error;
      return await this.#readRemote(sentTo).catch(() => {
        throw error;
      });
    }
  }
}

/** A file by what was read of it; its content is read when it is asked for. */
function asFile(name: string, read: Pick<ModelFile, "main" | "pieces">): ModelFile {
  return {
    name,
    get main() {
      return read.main;
    },
    pieces: read.pieces,
  };
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
    throw new ModelError(`Cannot open model "${file}": ${error.message}`);
  }
  const reader = new MainReader(options);
  const read = await reader.read(location).catch((error) => fail(error));
  const { at, found, pieces } = read;
  return {
    name,
    get main() {
      return read.main;
    },
    pieces,
    async read(file, signal) {
      const signals = [options.signal, signal].filter((one) => one !== undefined);
      let failure: { error: unknown; file: string } | undefined;
      for (const sibling of siblings(at, found, file)) {
        try {
          return (await readFrom(sibling, { ...options, signal: AbortSignal.any(signals) })).bytes;
        } catch (error) {
          if (!(error instanceof ReadError)) throw error;
          if (error.kind !== "missing") failure ??= { error, file: nameOf(sibling) };
        }
      }
      return failure && fail(failure.error, failure.file);
    },
    async findHalf(half) {
      const names = await namesBeside(at);
      const open = (file: string) => reader.guess(at, found, file, names !== undefined);
      return await findHalf(half, baseName(at), { model: name, names, open });
    },
  };
}

/** The name of a file without the folders that it lies in. */
function baseName(location: Location): string {
  const path = location instanceof URL ? decodeURIComponent(location.pathname) : location;
  return path.split(/[/\\]/).at(-1)!;
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
    throw new ModelError(`Cannot open weights "${name}": ${error.message}`);
  }
}

/** A model's files with weights that take the place of its own. */
function withWeights(folder: ModelFolder, weights: ModelFile): ModelFolder {
  return {
    name: folder.name,
    get main() {
      return folder.main;
    },
    pieces: folder.pieces,
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
  const name = source instanceof File && source.name ? source.name : "bytes";
  return { name, main: await bytes, read: () => Promise.resolve(undefined) };
}
