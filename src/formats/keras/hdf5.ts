import { ModelError } from "../../base/errors.ts";
import { quote } from "../../base/quote.ts";
import type { ByteSource } from "../../platform/byte_source.ts";
import { isDataset, isNumeric, readDataset } from "./hdf5/dataset.ts";
import { Damage, Unreadable } from "./hdf5/errors.ts";
import { maxNumberBytes } from "./hdf5/limits.ts";
import { Objects } from "./hdf5/objects.ts";
import { readNumbers } from "./hdf5/read_numbers.ts";
import { readSuperblock } from "./hdf5/superblock.ts";
import { readTexts } from "./hdf5/texts.ts";
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

/** How many numbers a file of some bytes can hold, however it packs them. */
export function maxNumbers(bytes: number): number {
  return maxNumberBytes(bytes) / 4;
}

/** One text of what may be one. */
function toText(value: ReturnType<typeof readTexts>): string | undefined {
  if (value instanceof Uint8Array) return new TextDecoder().decode(value);
  return Array.isArray(value) ? value.length === 1 ? value[0] : undefined : value;
}

/** An HDF5 file, open, with whatever is wrong with it put into one line. */
class OpenHdf5 implements Hdf5 {
  readonly #objects: Objects;

  constructor(readonly source: ByteSource, readonly name: string) {
    this.#objects = this.#guarded("", () => new Objects(readSuperblock(source)));
  }

  keys(path: string): readonly string[] | undefined {
    return this.#guarded(path, () => {
      const address = this.#objects.find(path);
      const links = address === undefined ? undefined : this.#objects.links(address);
      return links && [...links.keys()];
    });
  }

  text(path: string, key: string): string | undefined {
    return toText(this.#attribute(path, key)?.texts);
  }

  texts(path: string, key: string): readonly string[] | undefined {
    const whole = this.#attribute(path, key);
    if (whole) return Array.isArray(whole.texts) ? whole.texts : [];
    const parts: string[][] = [];
    for (;;) {
      const part = this.#attribute(path, `${key}${parts.length}`)?.texts;
      if (!Array.isArray(part)) return parts.length === 0 ? undefined : parts.flat();
      parts.push(part);
    }
  }

  array(path: string): KerasArray | undefined {
    return this.#guarded(path, () => {
      const address = this.#objects.find(path);
      const messages = address === undefined ? [] : this.#objects.messages(address);
      if (!isDataset(messages)) return undefined;
      const dataset = readDataset(this.#objects.file, messages);
      return {
        name: path,
        shape: dataset.space.shape ?? [],
        readInto: (target) => {
          if (!isNumeric(dataset)) return this.#fail(`its weights ${quote(path)} are no numbers`);
          const bytes = dataset.type.size * dataset.space.count;
          const { size } = this.source;
          if (bytes > maxNumberBytes(size)) {
            this.#fail(`its weights ${quote(path)} would take ${bytes} bytes, but the file has ${size}`);
          }
          this.#guarded(path, () => readNumbers(this.#objects.file, dataset, target));
        },
      };
    });
  }

  /** An attribute's texts; `undefined` if there is no such attribute. */
  #attribute(path: string, key: string): { readonly texts: ReturnType<typeof readTexts> } | undefined {
    return this.#guarded(path || key, () => {
      const address = this.#objects.find(path);
      const read = address === undefined ? undefined : this.#objects.attributes(address).get(key);
      return read && { texts: readTexts(this.#objects.file, this.#objects.heaps, read()) };
    });
  }

  #fail(what: string): never {
    throw new ModelError(`Cannot open model ${quote(this.name)}: ${what}`);
  }

  /** @param what What is read, as a path; the file itself if it is empty. */
  #guarded<T>(what: string, read: () => T): T {
    try {
      return read();
    } catch (error) {
      if (error instanceof Unreadable) this.#fail(`its weights ${quote(what)} ${error.message}`);
      if (!(error instanceof Damage)) throw error;
      return this.#fail(
        what ? `its HDF5 file is damaged at ${quote(what)}` : "its HDF5 file is damaged or cut short",
      );
    }
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
    return await use(new OpenHdf5(source, name));
  } finally {
    source.close();
  }
}
