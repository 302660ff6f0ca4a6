import type { Dataset, Hdf5Module } from "./hdf5_library.ts";

/** HDF5's numbers of types. */
const integer = 0;
const float = 1;

/** How many bytes of an array are read at once. */
const partSize = 2 ** 20;

/** Numbers as an array holds them. */
type Numbers =
  | Int8Array
  | Uint8Array
  | Int16Array
  | Uint16Array
  | Int32Array
  | Uint32Array
  | Float16Array
  | Float32Array
  | Float64Array
  | BigInt64Array
  | BigUint64Array;

type NumbersClass = new (buffer: ArrayBufferLike, start: number, length: number) => Numbers;

/** How numbers of each type and size are read: signed, and unsigned. */
const classes: Readonly<Record<number, Readonly<Record<number, readonly [NumbersClass, NumbersClass]>>>> = {
  [integer]: {
    1: [Int8Array, Uint8Array],
    2: [Int16Array, Uint16Array],
    4: [Int32Array, Uint32Array],
    8: [BigInt64Array, BigUint64Array],
  },
  [float]: {
    2: [Float16Array, Float16Array],
    4: [Float32Array, Float32Array],
    8: [Float64Array, Float64Array],
  },
};

/** Some of an array that lies in one piece: where it begins and how far it goes, along each axis. */
interface Part {
  readonly start: readonly number[];
  readonly counts: readonly number[];
}

/** Whether a dataset holds numbers. */
export function isNumeric({ metadata: { type } }: Dataset): boolean {
  return type === integer || type === float;
}

/** An array as parts of so many numbers at most, in order. */
function* cut(shape: readonly number[], most: number, outer: readonly number[] = []): Generator<Part> {
  const [length, ...inner] = shape as [number, ...number[]];
  const width = inner.reduce((product, size) => product * size, 1);
  const step = Math.max(1, Math.floor(most / width));
  for (let start = 0; start < length; start += step) {
    if (width > most) {
      yield* cut(inner, most, [...outer, start]);
      continue;
    }
    const count = Math.min(step, length - start);
    yield {
      start: [...outer, start, ...inner.map(() => 0)],
      counts: [...outer.map(() => 1), count, ...inner],
    };
  }
}

/** Reads the numbers of datasets through one place in the module's memory, so that it does not grow with the largest. */
export class NumberReader {
  #pointer = 0;
  #size = 0;

  /** @param module HDF5; its memory is used until {@linkcode close}. */
  constructor(readonly module: Hdf5Module) {}

  /**
   * Read a dataset's numbers as float32.
   *
   * @param target Where they are written to.
   * @throws {Error} If it has more or fewer, or numbers of another kind.
   */
  read(dataset: Dataset, target: Float32Array): void {
    const { shape, size, total_size: count, chunks } = dataset.metadata;
    if (count !== target.length) throw new Error(`it holds ${count} numbers`);
    if (count === 0) return;
    // Chunks would be unpacked again for each part that they have a share in.
    const isWhole = !shape?.length || chunks || count * size <= partSize;
    if (isWhole) return this.#readPart(dataset, undefined, target);
    let at = 0;
    for (const part of cut(shape, Math.floor(partSize / size))) {
      const length = part.counts.reduce((product, count) => product * count, 1);
      this.#readPart(dataset, part, target.subarray(at, at += length));
    }
  }

  /** Give the memory back. */
  close(): void {
    if (this.#pointer !== 0) this.module._free(this.#pointer);
    this.#pointer = 0;
    this.#size = 0;
  }

  /** @param part All if left out. */
  #readPart({ metadata, file_id: file, path }: Dataset, part: Part | undefined, target: Float32Array): void {
    const { type, size, signed } = metadata;
    const kind = classes[type]?.[size]?.[signed ? 0 : 1];
    if (!kind) throw new Error(`it holds numbers of ${size} bytes`);
    const pointer = this.#reserve(target.length * size);
    const [counts, start, strides] = part
      ? [part.counts, part.start, part.counts.map(() => 1)].map((list) => list.map(BigInt))
      : [null, null, null];
    this.module.get_dataset_data(file, path, counts!, start!, strides!, BigInt(pointer));
    copy(new kind(this.module.HEAPU8.buffer, pointer, target.length), target);
  }

  /** A place for so many bytes. */
  #reserve(size: number): number {
    if (this.#size >= size) return this.#pointer;
    this.close();
    const reserved = Math.max(size, partSize);
    this.#pointer = this.module._malloc(reserved);
    if (this.#pointer === 0) throw new Error("there is no memory left to read it");
    this.#size = reserved;
    return this.#pointer;
  }
}

function copy(numbers: Numbers, target: Float32Array): void {
  if (numbers instanceof BigInt64Array || numbers instanceof BigUint64Array) {
    for (let index = 0; index < target.length; index++) target[index] = Number(numbers[index]);
  } else target.set(numbers);
}
