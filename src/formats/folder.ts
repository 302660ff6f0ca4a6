import { ModelError } from "../errors.ts";
import {
  inside,
  isRemote,
  type Location,
  nameOf,
  pathOf,
  ReadError,
  readFrom,
  readHead,
  toLocation,
} from "../files.ts";
import { type ByteSource, bytesSource, fileSource } from "../keras/byte_source.ts";
import { asBytes, type ModelBytes, type ModelFiles, openFiles } from "./file_set.ts";
import { isHdf5 } from "./keras_h5.ts";
import { isZip } from "./keras_zip.ts";
import { findMainFile, mainFile } from "./main_file.ts";
import { siblings } from "./siblings.ts";

/** How many bytes tell what a file is. */
const headSize = 4096;

/** How files are read. */
export interface FolderOptions {
  /** Stops a download. */
  readonly signal?: AbortSignal | undefined;
  /** Told of the bytes of each part that is read. */
  readonly onBytes?: ((bytes: number) => void) | undefined;
}

/** A main file that is not in memory. */
export interface MainPieces {
  /** Its first 4,096 bytes. */
  readonly head: Uint8Array;
  /** Open it; the caller closes it. */
  open(): ByteSource;
}

/** How a model's main file begins. */
export function headOf(folder: Pick<ModelFolder, "main" | "pieces">): Uint8Array {
  return folder.pieces?.head ?? folder.main.subarray(0, headSize); // which is read when it is asked for
}

/** Whether a model's main file begins as an object in JSON does, with a mark of its encoding or without. */
export function beginsAsJson(folder: Pick<ModelFolder, "main" | "pieces">): boolean {
  const beginning = new TextDecoder("latin1").decode(headOf(folder).subarray(0, 256));
  return /^(\xef\xbb\xbf)?\s*\{/.test(beginning);
}

/** A model's main file, to be read piece by piece; the caller closes it. */
export function sourceOf(folder: Pick<ModelFolder, "main" | "pieces">): ByteSource {
  return folder.pieces?.open() ?? bytesSource(folder.main); // which is read when it is asked for
}

/** A model's main file and the files beside it, wherever they are. */
export interface ModelFolder {
  /** What to call the model in messages. */
  readonly name: string;
  /** The content of the main file. */
  readonly main: Uint8Array;
  /** How to read the main file piece by piece, where that spares having it in memory: `main` is read when asked for. */
  readonly pieces?: MainPieces | undefined;
  /**
   * The content of a file beside the main one.
   *
   * @param name The file's name, relative to the main file.
   * @param signal Stops it, as the signal that the folder was opened with does.
   * @returns `undefined` if there is no such file.
   * @throws {ModelError} If it is there but cannot be read.
   */
  read(name: string, signal?: AbortSignal): Promise<Uint8Array | undefined>;
}

/** The names in a folder and, as `sub/name`, in those directly inside; none where it may not be listed. */
async function list(folder: string, prefix = ""): Promise<string[]> {
  const names: string[] = [];
  try {
    for await (const { name, isDirectory } of Deno.readDir(folder)) {
      if (!isDirectory) names.push(prefix + name);
      else if (prefix === "") names.push(...await list(`${folder}/${name}`, `${name}/`));
    }
  } catch {
    // one that may be read but not listed
  }
  return names;
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
        return Deno.readFileSync(at);
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
    await Deno.stat(folder).catch(() => {
      throw new ReadError("no such folder", "missing");
    });
    const main = await findMainFile(
      await list(pathOf(folder)),
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

async function openLocation(location: Location, options: FolderOptions): Promise<ModelFolder> {
  const name = nameOf(location);
  function fail(error: unknown, file = name): never {
    if (!(error instanceof ReadError)) throw error;
    throw new ModelError(`Cannot open model "${file}": ${error.message}`);
  }
  const read = await new MainReader(options).read(location).catch((error) => fail(error));
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
  };
}

/** Where the files of a model are, or what they hold. */
export type FolderSource = string | URL | ModelBytes | ModelFiles | readonly File[];

/**
 * Open a model's main file, wherever it is.
 *
 * @param source A path, a URL, a folder of either kind, the bytes of one file, or several files.
 * @throws {ModelError} If it cannot be read.
 */
export async function openFolder(source: FolderSource, options: FolderOptions = {}): Promise<ModelFolder> {
  if (typeof source === "string" || source instanceof URL) {
    return await openLocation(toLocation(source), options);
  }
  const bytes = asBytes(source);
  if (!bytes) return await openFiles(source as ModelFiles | readonly File[]);
  const name = source instanceof File && source.name ? source.name : "bytes";
  return { name, main: await bytes, read: () => Promise.resolve(undefined) };
}
