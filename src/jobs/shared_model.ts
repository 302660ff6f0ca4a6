import type { Half, ModelFile, ModelFolder } from "../formats/model_folder.ts";

/** A file, with its content in shared memory. */
type SharedFile = Pick<ModelFile, "name" | "title" | "main">;

/** A model's files, read once for all workers: its main one, and those beside it. */
export interface SharedModel extends SharedFile {
  /** The file whose weights take the place of the model's own. */
  readonly weights: SharedFile | undefined;
  /** The other half of a Keras model in two files, where it was asked for. */
  readonly halves: ReadonlyMap<Half, SharedFile | undefined>;
  /** The content of the files beside it that were asked for, by name; `undefined` for those that are not there. */
  readonly files: ReadonlyMap<string, Uint8Array | undefined>;
  /** The name of the folder that the main file lies in, where that is known. */
  readonly holder: string | undefined;
  /** Why it is this main file, where there are several. */
  readonly notes: readonly string[] | undefined;
}

/** The same bytes where all workers can read them. */
export function share(bytes: Uint8Array): Uint8Array {
  const shared = new Uint8Array(new SharedArrayBuffer(bytes.length));
  shared.set(bytes);
  return shared;
}

function shareFile({ name, title, main }: ModelFile): SharedFile {
  return { name, title, main: share(main) };
}

/** A folder that keeps what is read from it, so that workers need not read it again. */
export class RecordingFolder implements ModelFolder {
  readonly name: string;
  readonly title: string | undefined;
  readonly main: Uint8Array;
  readonly weights: ModelFile | undefined;
  readonly holder: string | undefined;
  readonly notes: readonly string[] | undefined;
  readonly #folder: ModelFolder;
  readonly #files = new Map<string, Uint8Array | undefined>();
  readonly #halves = new Map<Half, SharedFile | undefined>();

  /** @param folder Where the files are. */
  constructor(folder: ModelFolder) {
    this.#folder = folder;
    this.name = folder.name;
    this.title = folder.title;
    this.main = folder.main;
    this.weights = folder.weights;
    this.holder = folder.holder;
    this.notes = folder.notes;
  }

  async findHalf(half: Half): Promise<ModelFile | undefined> {
    const file = await this.#folder.findHalf?.(half);
    this.#halves.set(half, file && shareFile(file));
    return file;
  }

  async read(name: string, signal?: AbortSignal): Promise<Uint8Array | undefined> {
    const bytes = await this.#folder.read(name, signal);
    this.#files.set(name, bytes && share(bytes));
    return bytes;
  }

  /** What was read so far. */
  shared(): SharedModel {
    const weights = this.weights && shareFile(this.weights);
    const { holder, notes } = this;
    return { ...shareFile(this), weights, holder, notes, halves: this.#halves, files: this.#files };
  }
}

/** A file of what was recorded, as a copy: decoders take no shared memory. */
function copyOf({ name, title, main }: SharedFile): ModelFile {
  return { name, title, main: main.slice() };
}

/** A folder of what was recorded. */
export function folderOf({ weights, halves, files, holder, notes, ...main }: SharedModel): ModelFolder {
  return {
    ...copyOf(main),
    holder,
    notes,
    weights: weights && copyOf(weights),
    read: (file) => Promise.resolve(files.get(file)?.slice()),
    findHalf(half) {
      const file = halves.get(half);
      return Promise.resolve(file && copyOf(file));
    },
  };
}
