import { ModelError } from "../errors.ts";
import { beside, inside, type Location, nameOf, readBytes, ReadError, toLocation } from "../files.ts";
import { findWholeModel, mainFile } from "./folder_content.ts";

/** The content of several files by name, as from a dropped folder. */
export type ModelFiles = Readonly<Record<string, Uint8Array>>;

/** A model's main file and the files beside it, wherever they are. */
export interface ModelFolder {
  /** What to call the model in messages. */
  readonly name: string;
  /** The content of the main file. */
  readonly main: Uint8Array;
  /**
   * The content of a file beside the main one.
   *
   * @param name The file's name, relative to the main file.
   * @returns `undefined` if there is no such file.
   * @throws {ModelError} If it is there but cannot be read.
   */
  read(name: string): Promise<Uint8Array | undefined>;
}

async function openLocation(location: Location, signal?: AbortSignal): Promise<ModelFolder> {
  const name = nameOf(location);
  function fail(error: unknown, file = name): never {
    if (!(error instanceof ReadError)) throw error;
    throw new ModelError(`Cannot open model "${file}": ${error.message}`);
  }
  let at = location;
  let main: Uint8Array;
  try {
    main = await readBytes(at, { signal });
  } catch (error) {
    const isFolder = (error instanceof ReadError && error.kind === "folder") || name.endsWith("/");
    if (!isFolder) fail(error);
    at = inside(location, mainFile);
    main = await readBytes(at, { signal }).catch(async (inner) => {
      if (!(inner instanceof ReadError) || inner.kind !== "missing") return fail(inner);
      const found = await findWholeModel(location);
      if ("reason" in found) return fail(new ReadError(found.reason, "missing"));
      at = inside(location, found.file);
      return await readBytes(at, { signal }).catch((error) => fail(error));
    });
  }
  return {
    name,
    main,
    async read(file) {
      const sibling = beside(at, file);
      try {
        return await readBytes(sibling, { signal });
      } catch (error) {
        if (error instanceof ReadError && error.kind === "missing") return undefined;
        fail(error, nameOf(sibling));
      }
    },
  };
}

function openFiles(files: ModelFiles): ModelFolder {
  const names = Object.keys(files);
  const name = names.find((file) => file.split("/").at(-1) === mainFile) ??
    (names.length === 1 ? names[0] : undefined);
  if (name === undefined) {
    throw new ModelError(`Cannot find ${mainFile} among the model's files: ${names.join(", ") || "none"}`);
  }
  return {
    name,
    main: files[name]!,
    read: (file) => Promise.resolve(files[String(beside(name, file))] ?? files[file]),
  };
}

/**
 * Open a model's main file, wherever it is.
 *
 * @param source A path, a URL, a folder of either kind, the bytes of one file, or several files by name.
 * @throws {ModelError} If it cannot be read.
 */
export async function openFolder(
  source: string | URL | Uint8Array | ModelFiles,
  signal?: AbortSignal,
): Promise<ModelFolder> {
  if (source instanceof Uint8Array) return openFiles({ [mainFile]: source });
  if (typeof source === "string" || source instanceof URL) {
    return await openLocation(toLocation(source), signal);
  }
  return openFiles(source);
}
