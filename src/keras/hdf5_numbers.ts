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

/** Some of an array: how many rows, and from which on. */
interface Rows {
  readonly start: number;
  readonly count: number;
}

/** Whether a dataset holds numbers. */
export function isNumeric({ metadata: { type } }: Dataset): boolean {
  return type === integer || type === float;
}

/**
 * How many rows of an array to read at once: as many as fit into a part, at least one; all of those that are packed in
 * chunks, each of which would be unpacked again and again.
 */
function rowsAtOnce({ metadata: { shape, size, total_size: count, chunks } }: Dataset): number {
  const rows = shape![0]!;
  return chunks ? rows : Math.max(1, Math.floor(partSize / (size * count / rows)));
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
    const { shape, total_size: count } = dataset.metadata;
    if (count !== target.length) throw new Error(`it holds ${count} numbers`);
    if (count === 0) return;
    if (!shape?.length) return this.#readRows(dataset, undefined, target);
    const rows = shape[0]!;
    const step = rowsAtOnce(dataset);
    const width = count / rows;
    for (let start = 0; start < rows; start += step) {
      const part = { start, count: Math.min(step, rows - start) };
      this.#readRows(dataset, part, target.subarray(start * width, (start + part.count) * width));
    }
  }

  /** Give the memory back. */
  close(): void {
    if (this.#pointer !== 0) this.module._free(this.#pointer);
    this.#pointer = 0;
    this.#size = 0;
  }

  /** @param rows All if left out. */
  #readRows({ metadata, file_id: file, path }: Dataset, rows: Rows | undefined, target: Float32Array): void {
    const { type, size, signed, shape } = metadata;
    const kind = classes[type]?.[size]?.[signed ? 0 : 1];
    if (!kind) throw new Error(`it holds numbers of ${size} bytes`);
    const pointer = this.#reserve(target.length * size);
    const [first, ...inner] = shape ?? [];
    const isWhole = !rows || rows.count === first;
    const counts = isWhole ? null : [rows.count, ...inner].map(BigInt);
    const offsets = isWhole ? null : [rows.start, ...inner.map(() => 0)].map(BigInt);
    const strides = isWhole ? null : [1, ...inner.map(() => 1)].map(BigInt);
    this.module.get_dataset_data(file, path, counts, offsets, strides, BigInt(pointer));
    copy(new kind(this.module.HEAPU8.buffer, pointer, target.length), target);
  }

  /** A place for so many bytes. */
  #reserve(size: number): number {
    if (this.#size >= size) return this.#pointer;
    this.close();
    this.#pointer = this.module._malloc(size);
    if (this.#pointer === 0) throw new Error("there is no memory left to read it");
    this.#size = size;
    return this.#pointer;
  }
}

function copy(numbers: Numbers, target: Float32Array): void {
  if (numbers instanceof BigInt64Array || numbers instanceof BigUint64Array) {
    for (let index = 0; index < target.length; index++) target[index] = Number(numbers[index]);
  } else target.set(numbers);
}
