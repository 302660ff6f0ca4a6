import type { Dataset, File, Group } from "h5wasm";
import { ModelError } from "../errors.ts";
import type { KerasArray } from "./keras_file.ts";

/** An HDF5 file, open. */
export interface Hdf5 {
  /** The names inside a group; `undefined` if there is no such group. */
  keys(group: string): readonly string[] | undefined;
  /** A text attribute, of the file itself where the path is empty. */
  text(path: string, attribute: string): string | undefined;
  /** An attribute that lists texts, joined from its parts `NAME0`, `NAME1` … where it was too long for one. */
  texts(path: string, attribute: string): readonly string[] | undefined;
  /** An array of numbers as float32. */
  array(path: string): KerasArray | undefined;
}

/** What is used of h5wasm's module, whose own types leave out the memory. */
interface Hdf5Module {
  readonly FS: {
    writeFile(path: string, data: Uint8Array, options: { canOwn: boolean }): void;
    unlink(path: string): void;
  };
  readonly HEAPU8: Uint8Array;
  _malloc(size: number): number;
  _free(pointer: number): void;
  get_dataset_data(file: bigint, path: string, count: null, offset: null, strides: null, to: bigint): number;
  activate_throwing_error_handler(): number;
}

let opened = 0;

function toText(value: unknown): string | undefined {
  if (typeof value === "string") return value;
  if (value instanceof Uint8Array) return new TextDecoder().decode(value);
  return Array.isArray(value) && value.length === 1 ? toText(value[0]) : undefined;
}

/** Half-precision numbers, which h5wasm does not read. */
function readHalf(module: Hdf5Module, dataset: Dataset): Float32Array {
  const { total_size: length } = dataset.metadata;
  const pointer = module._malloc(length * 2);
  try {
    module.get_dataset_data(dataset.file_id, dataset.path, null, null, null, BigInt(pointer));
    const bytes = module.HEAPU8.slice(pointer, pointer + length * 2);
    return Float32Array.from(new Float16Array(bytes.buffer));
  } finally {
    module._free(pointer);
  }
}

function readNumbers(module: Hdf5Module, dataset: Dataset): Float32Array {
  const { type, size } = dataset.metadata;
  if (type === 1 && size === 2) return readHalf(module, dataset);
  const { value } = dataset;
  if (value instanceof Float32Array) return value;
  if (typeof value === "number" || typeof value === "bigint") return Float32Array.of(Number(value));
  if (ArrayBuffer.isView(value)) return Float32Array.from(value as unknown as ArrayLike<number>, Number);
  throw new Error("it holds no numbers");
}

function wrap(file: File, module: Hdf5Module, name: string): Hdf5 {
  /** Whatever the file's damage makes HDF5 say, in one line. */
  function guarded<T>(what: string, read: () => T): T {
    try {
      return read();
    } catch {
      throw new ModelError(`Cannot open model "${name}": its HDF5 file is damaged at "${what}"`);
    }
  }
  const at = (path: string) => path === "" ? file : file.get(path);
  const attribute = (path: string, key: string) =>
    guarded(path || key, () => {
      const object = at(path) as Group | null;
      return object?.attrs?.[key]?.value as unknown;
    });
  return {
    keys: (path) =>
      guarded(path, () => {
        const object = at(path);
        return object && "keys" in object ? (object as Group).keys() : undefined;
      }),
    text: (path, key) => toText(attribute(path, key)),
    texts(path, key) {
      const whole = attribute(path, key);
      if (whole !== undefined) return Array.isArray(whole) ? whole.map((item) => toText(item) ?? "") : [];
      const parts: string[] = [];
      for (let part = 0;; part++) {
        const values = attribute(path, `${key}${part}`);
        if (!Array.isArray(values)) return part === 0 ? undefined : parts;
        parts.push(...values.map((item) => toText(item) ?? ""));
      }
    },
    array: (path) =>
      guarded(path, () => {
        const dataset = file.get(path);
        if (!dataset || !("metadata" in dataset)) return undefined;
        const data = readNumbers(module, dataset as Dataset);
        return { name: path, shape: (dataset as Dataset).shape ?? [], data };
      }),
  };
}

/**
 * Open an HDF5 file, do something with it, and close it.
 *
 * @param bytes The file's content; it is not copied.
 * @param name What to call it in messages.
 * @throws {ModelError} If it is damaged.
 */
export async function withHdf5<T>(
  bytes: Uint8Array,
  name: string,
  use: (file: Hdf5) => Promise<T> | T,
): Promise<T> {
  const h5wasm = (await import("h5wasm")).default;
  const module = await h5wasm.ready as unknown as Hdf5Module;
  module.activate_throwing_error_handler(); // else its diagnostics go to stderr
  const path = `model${opened++}.h5`;
  module.FS.writeFile(path, bytes, { canOwn: true });
  try {
    let file: File;
    try {
      file = new h5wasm.File(path, "r");
    } catch {
      throw new ModelError(`Cannot open model "${name}": its HDF5 file is damaged or cut short`);
    }
    try {
      return await use(wrap(file, module, name));
    } finally {
      file.close();
    }
  } finally {
    module.FS.unlink(path);
  }
}
