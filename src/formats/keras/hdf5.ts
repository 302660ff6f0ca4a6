import type { Attribute, Dataset, File, Group } from "npm:h5wasm@0.10.3";
import { ModelError } from "../../base/errors.ts";
import type { ByteSource } from "../../platform/byte_source.ts";
import { areHeapsSound } from "./global_heap.ts";
import { abandonAfter, hdf5Library, type Hdf5Module, mount } from "./hdf5_library.ts";
import { isNumeric, NumberReader } from "./hdf5_numbers.ts";
import type { KerasArray } from "./keras_file.ts";

/** An HDF5 file, open. */
export interface Hdf5 {
  /** The names inside a group; `undefined` if there is no such group. */
  keys(group: string): readonly string[] | undefined;
  /** A text attribute, of the file itself where the path is empty. */
  text(path: string, attribute: string): string | undefined;
  /** An attribute that lists texts, joined from its parts `NAME0`, `NAME1` … where it was too long for one. */
  texts(path: string, attribute: string): readonly string[] | undefined;
  /** An array of numbers as float32; they are read when they are asked for, so that its shape can be looked at first. */
  array(path: string): KerasArray | undefined;
}

/** How much smaller than its numbers a packed array may be: what is larger was made to fill memory. */
const maxRatio = 200;

/** The largest array that is read, in bytes. */
const maxSize = 2 ** 31 - 1;

/** HDF5's number of the type of texts. */
const text = 3;

/** How many numbers a file of some bytes can hold, however it packs them. */
export function maxNumbers(bytes: number): number {
  return Math.min(bytes * maxRatio, maxSize) / 4;
}

let opened = 0;

/** Text of letters beyond English, which h5wasm hands on byte by byte where HDF5 notes no encoding. */
function decodeBytes(text: string): string {
  if (!/[\x80-\xff]/.test(text) || /[^\p{ASCII}\x80-\xff]/u.test(text)) return text;
  try {
    const bytes = Uint8Array.from(text, (letter) => letter.charCodeAt(0));
    return new TextDecoder("utf-8", { fatal: true }).decode(bytes);
  } catch {
    return text; // it was no UTF-8
  }
}

function toText(value: unknown): string | undefined {
  if (typeof value === "string") return decodeBytes(value);
  if (value instanceof Uint8Array) return new TextDecoder().decode(value);
  return Array.isArray(value) && value.length === 1 ? toText(value[0]) : undefined;
}

/**
 * Texts of any length. h5wasm's own way frees, where it cannot read them, what was never made, and is broken then.
 *
 * @returns One text, or a list of them.
 */
function readTexts(
  module: Hdf5Module,
  { file_id: file, path, name, metadata }: Attribute,
): string | string[] {
  const { size, total_size: count, shape } = metadata;
  const pointer = module._malloc(size * count);
  try {
    module.HEAPU8.fill(0, pointer, pointer + size * count);
    module.get_attribute_data(file, path, name, BigInt(pointer));
    const places = new Uint32Array(module.HEAPU8.slice(pointer, pointer + size * count).buffer);
    const texts = Array.from(places, (place) => place === 0 ? "" : module.UTF8ToString(place));
    module.reclaim_vlen_memory(file, path, name, BigInt(pointer));
    return shape?.length ? texts : texts[0] ?? "";
  } finally {
    module._free(pointer);
  }
}

/** An HDF5 file, open, with whatever damage makes HDF5 say put into one line. */
class OpenHdf5 implements Hdf5 {
  readonly #numbers: NumberReader;

  constructor(
    readonly file: File,
    readonly module: Hdf5Module,
    readonly name: string,
    readonly source: ByteSource,
  ) {
    this.#numbers = new NumberReader(module);
  }

  close(): void {
    this.#numbers.close();
    this.file.close();
  }

  keys(path: string): readonly string[] | undefined {
    return this.#guarded(path, () => {
      const object = this.#at(path) as object | null;
      return object && "keys" in object ? (object as Group).keys() : undefined;
    });
  }

  text(path: string, key: string): string | undefined {
    return toText(this.#attribute(path, key));
  }

  texts(path: string, key: string): readonly string[] | undefined {
    const whole = this.#attribute(path, key);
    if (whole !== undefined) return Array.isArray(whole) ? whole.map((item) => toText(item) ?? "") : [];
    const parts: string[] = [];
    for (let part = 0;; part++) {
      const values = this.#attribute(path, `${key}${part}`);
      if (!Array.isArray(values)) return part === 0 ? undefined : parts;
      parts.push(...values.map((item) => toText(item) ?? ""));
    }
  }

  array(path: string): KerasArray | undefined {
    return this.#guarded(path, () => {
      const object = this.file.get(path);
      if (!object || !("metadata" in object)) return undefined;
      const dataset = object as Dataset;
      return {
        name: path,
        shape: dataset.shape ?? [],
        readInto: (target) => this.#readNumbers(dataset, path, target),
      };
    });
  }

  #fail(what: string): never {
    throw new ModelError(`Cannot open model "${this.name}": ${what}`);
  }

  #guarded<T>(what: string, read: () => T): T {
    try {
      return read();
    } catch (error) {
      if (error instanceof ModelError) throw error;
      abandonAfter(error);
      return this.#fail(`its HDF5 file is damaged at "${what}"`);
    }
  }

  #at(path: string): unknown {
    return path === "" ? this.file : this.file.get(path);
  }

  /** Whether texts of any length can be read, once that is known. */
  #sound: boolean | undefined;

  #attribute(path: string, key: string): unknown {
    return this.#guarded(path || key, () => {
      const object = this.#at(path) as { readonly attrs?: Readonly<Record<string, Attribute>> } | null;
      const attrs = object?.attrs;
      if (!attrs || !Object.hasOwn(attrs, key)) return undefined;
      const attribute = attrs[key]!;
      const { type, size, total_size: count, vlen } = attribute.metadata;
      if (size * count > this.source.size) {
        this.#fail(`its HDF5 file says that "${key}" is larger than the file`);
      }
      if (!vlen) return attribute.value;
      this.#sound ??= areHeapsSound(this.source);
      if (!this.#sound) this.#fail("its HDF5 file is damaged in a heap of texts");
      return type === text ? readTexts(this.module, attribute) : undefined;
    });
  }

  #readNumbers(dataset: Dataset, path: string, target: Float32Array): void {
    const { size, total_size: count } = dataset.metadata;
    if (!isNumeric(dataset)) this.#fail(`its weights "${path}" are no numbers`);
    const bytes = size * count;
    if (bytes > maxSize || bytes > this.source.size * maxRatio) {
      this.#fail(`its weights "${path}" would take ${bytes} bytes, but the file has ${this.source.size}`);
    }
    this.#guarded(path, () => this.#numbers.read(dataset, target));
  }
}

/**
 * Open an HDF5 file, do something with it, and close it.
 *
 * @param source The file's content; it is closed at the end.
 * @param name What to call it in messages.
 * @throws {ModelError} If it is damaged.
 */
export async function withHdf5<T>(
  source: ByteSource,
  name: string,
  use: (file: Hdf5) => Promise<T> | T,
): Promise<T> {
  try {
    const { module, File } = await hdf5Library();
    const path = `model${opened++}.h5`;
    mount(module, path, source);
    let file: OpenHdf5 | undefined;
    try {
      try {
        file = new OpenHdf5(new File(path, "r"), module, name, source);
      } catch (error) {
        abandonAfter(error);
        throw new ModelError(`Cannot open model "${name}": its HDF5 file is damaged or cut short`);
      }
      return await use(file);
    } finally {
      try {
        file?.close();
      } catch (error) {
        abandonAfter(error); // which tells nothing new of the file
      }
      module.FS.unlink(path);
    }
  } finally {
    source.close();
  }
}
