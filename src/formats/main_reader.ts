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
} from "../platform/files.ts";
import { isThere, namesWithin } from "../platform/folders.ts";
import { fileSource } from "../platform/byte_source.ts";
import { findMainFile, mainFile } from "./main_file.ts";
import { headSize, type ModelFile } from "./model_folder.ts";
import { siblings } from "./siblings.ts";
import { isHdf5, isOnnx, isZip } from "./signatures.ts";

/** How files are read. */
export interface FileOptions {
  /** Stops a download. */
  readonly signal?: AbortSignal | undefined;
  /** Told of the bytes of each part that is read. */
  readonly onBytes?: ((bytes: number) => void) | undefined;
}

/** A file by what was read of it; its content is read when it is asked for. */
export function asFile(name: string, read: Pick<ModelFile, "main" | "pieces">): ModelFile {
  return {
    name,
    get main() {
      return read.main;
    },
    pieces: read.pieces,
  };
}

function isFolderName(location: Location): boolean {
  return /[/\\]$/.test(location instanceof URL ? location.pathname : location);
}

/** A main file: where it was asked for, where it was found, and what it holds. */
export type FoundMain =
  & { readonly at: Location; readonly found: Location }
  & Pick<ModelFile, "main" | "pieces">;

/** Reads the main file of a model, and those that may lie beside it. */
export class MainReader {
  constructor(readonly options: FileOptions) {}

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

  /** Keras's and ONNX files are read piece by piece: their weights would be in memory twice. */
  async #readLocal(at: Location): Promise<FoundMain> {
    const head = await readHead(at, headSize, this.options);
    if (!isHdf5(head) && !isZip(head) && !isOnnx(head)) {
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
