import { decoded } from "../base/decoded.ts";
import { ModelError } from "../base/errors.ts";
import { listed, quote } from "../base/quote.ts";
import { lastPartOf } from "../platform/files.ts";
import { findHalf } from "./halves.ts";
import { findMainFile } from "./main_file.ts";
import type { Half, ModelFile, ModelFolder } from "./model_folder.ts";

/** The content of a file. */
export type ModelBytes = Uint8Array | ArrayBuffer | Blob;

/** The content of several files by name, as from a dropped folder. */
export type ModelFiles = Readonly<Record<string, ModelBytes>>;

/** The bytes of a file's content; `undefined` for what is none. */
export function asBytes(value: unknown): Uint8Array | Promise<Uint8Array> | undefined {
  if (value instanceof Uint8Array) return value;
  if (value instanceof ArrayBuffer) return new Uint8Array(value);
  return value instanceof Blob ? value.bytes() : undefined;
}

/** A file's name, with the folders that it was chosen in. */
export function pathOf(file: File): string {
  const { webkitRelativePath } = file as { webkitRelativePath?: string };
  return webkitRelativePath || file.name;
}

/** A path without `.` and `..`. */
function normalize(path: string): string {
  const parts: string[] = [];
  for (const part of path.split(/[/\\]/)) {
    if (part === "..") parts.pop();
    else if (part !== "." && part !== "") parts.push(part);
  }
  return parts.join("/");
}

/** The only file that bears a name, in whatever folder: browsers tell the names of chosen files alone. */
function findByName(files: ReadonlyMap<string, ModelBytes>, path: string): ModelBytes | undefined {
  const base = path.split("/").at(-1)!;
  const found = [...files].filter(([name]) => name.split("/").at(-1) === base);
  return found.length === 1 ? found[0]![1] : undefined;
}

/**
 * Open the model among several files.
 *
 * @throws {ModelError} If there is none, or more than one.
 * @throws {TypeError} If a file's content is of a wrong type.
 */
export async function openFileSet(given: ModelFiles | readonly File[]): Promise<ModelFolder> {
  const entries = Array.isArray(given)
    ? (given as readonly File[]).map((file): [string, ModelBytes] => [pathOf(file), file])
    : Object.entries(given as ModelFiles);
  const files = new Map(entries.map(([name, content]) => {
    if (asBytes(content) !== undefined) return [normalize(name), content];
    throw new TypeError(
      `Cannot open a model from ${quote(name)}: give its bytes, as Uint8Array, ArrayBuffer or Blob`,
    );
  }));
  const read = async (name: string) => await asBytes(files.get(name));
  const main = await findMainFile([...files.keys()], read);
  if ("reason" in main) {
    const names = listed([...files.keys()].slice(0, 5)) + (files.size > 5 ? " …" : "");
    throw new ModelError(
      `Cannot find a model among ${files.size} files (${names || "none"}): ${main.reason}`,
    );
  }
  const { file, note } = main;
  async function findHalfIn(folder: string, half: Half, main: string): Promise<ModelFile | undefined> {
    const names = [...files.keys()].filter((name) => name.startsWith(folder))
      .map((name) => name.slice(folder.length)).filter((name) => folder === "" || !name.includes("/"));
    return await findHalf(half, main, {
      model: file,
      names,
      async open(name) {
        const content = await read(folder + name);
        return content && { name: folder + name, main: content };
      },
    });
  }
  const folder = file.slice(0, file.lastIndexOf("/") + 1);
  return {
    name: file,
    title: lastPartOf(file),
    holder: file.split("/").at(-2),
    notes: note === undefined ? [] : [note],
    main: (await read(file))!,
    async read(name) {
      const paths = [name, decoded(name)].flatMap((path) => [normalize(folder + path), normalize(path)]);
      const path = paths.find((path) => files.has(path));
      return await asBytes(path === undefined ? findByName(files, paths[0]!) : files.get(path));
    },
    findHalf: async (half) =>
      await findHalfIn(folder, half, file.slice(folder.length)) ?? await findHalfIn("", half, file),
  };
}
