import type { ModelFolder } from "../formats/model_folder.ts";

/** A model's files, read once for all workers. */
export interface SharedModel {
  /** What to call it in messages. */
  readonly name: string;
  /** What to call it in pictures. */
  readonly title: string | undefined;
  /** The content of the main file, in shared memory. */
  readonly main: Uint8Array;
  /** The content of the files beside it that were asked for, by name; `undefined` for those that are not there. */
  readonly files: ReadonlyMap<string, Uint8Array | undefined>;
}

/** The same bytes where all workers can read them. */
function share(bytes: Uint8Array): Uint8Array {
  const shared = new Uint8Array(new SharedArrayBuffer(bytes.length));
  shared.set(bytes);
  return shared;
}

/** A folder that keeps what is read from it, so that workers need not read it again. */
export class RecordingFolder implements ModelFolder {
  readonly name: string;
  readonly title: string | undefined;
  readonly main: Uint8Array;
  readonly #folder: ModelFolder;
  readonly #files = new Map<string, Uint8Array | undefined>();

  /** @param folder Where the files are. */
  constructor(folder: ModelFolder) {
    this.#folder = folder;
    this.name = folder.name;
    this.title = folder.title;
    this.main = folder.main;
  }

  async read(name: string, signal?: AbortSignal): Promise<Uint8Array | undefined> {
    const bytes = await this.#folder.read(name, signal);
    this.#files.set(name, bytes && share(bytes));
    return bytes;
  }

  /** What was read so far. */
  shared(): SharedModel {
    return { name: this.name, title: this.title, main: share(this.main), files: this.#files };
  }
}

/** A folder of what was recorded. What is read is a copy: decoders take no shared memory. */
export function folderOf({ name, title, main, files }: SharedModel): ModelFolder {
  return { name, title, main: main.slice(), read: (file) => Promise.resolve(files.get(file)?.slice()) };
}
