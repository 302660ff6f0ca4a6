import { countOf } from "../../../../base/tensor_info.ts";
import { findChunks, type Grid, type PlacedChunk } from "./find_chunks.ts";
import type { NumberDataset } from "../dataset.ts";
import { Damage } from "../errors.ts";
import { unpack } from "../filters/pipeline.ts";
import type { ChunkedLayout } from "../layout.ts";
import { decodeNumbers } from "../numbers.ts";
import type { StoredFile } from "../stored_file.ts";

/** An array in memory. */
interface Field {
  readonly numbers: Float32Array;
  readonly shape: readonly number[];
}

/** A part of an array: where it begins along each axis, and how far it goes. */
interface Box {
  readonly start: readonly number[];
  readonly size: readonly number[];
}

/** The row of an array with an index, itself an array. */
function rowOf({ numbers, shape: [, ...inner] }: Field, index: number): Field {
  const size = countOf(inner);
  return { numbers: numbers.subarray(index * size, (index + 1) * size), shape: inner };
}

/** Copies the first elements of an array, as far as a box goes, into the box of another. */
function copyBox(from: Field, to: Field, { start, size }: Box): void {
  const [at, rows] = [start[0]!, size[0]!];
  if (size.length === 1) return to.numbers.set(from.numbers.subarray(0, rows), at);
  const inner = { start: start.slice(1), size: size.slice(1) };
  for (let row = 0; row < rows; row++) copyBox(rowOf(from, row), rowOf(to, at + row), inner);
}

/** Where an array's chunks can be. */
function gridOf({ space, type, pipeline }: NumberDataset, { chunk }: ChunkedLayout): Grid {
  const along = (length: number, axis: number) => Math.ceil(length / chunk[axis]!);
  return {
    chunk,
    counts: space.shape!.map(along),
    maxCounts: space.maxShape.map(along),
    chunkSize: countOf(chunk) * type.size,
    isPacked: pipeline.length > 0,
  };
}

/** Reads the numbers of an array that lies in chunks. */
export class ChunkReader {
  readonly #grid: Grid;

  constructor(readonly file: StoredFile, readonly dataset: NumberDataset, readonly layout: ChunkedLayout) {
    this.#grid = gridOf(dataset, layout);
  }

  /** @param target Where the numbers are written to: those of chunks that are missing remain. */
  read(target: Float32Array): void {
    const field = { numbers: target, shape: this.dataset.space.shape! };
    let left = countOf(this.#grid.counts);
    for (const chunk of findChunks(this.file, this.layout.index, this.#grid)) {
      if (--left < 0) throw new Damage("there are more chunks than places for them");
      this.#readChunk(chunk, field);
    }
  }

  #readChunk(stored: PlacedChunk, field: Field): void {
    const { chunk, counts } = this.#grid;
    const isInside = stored.place.every((at, axis) => Number.isInteger(at) && at < counts[axis]!);
    if (!isInside) throw new Damage("a chunk lies outside of its array");
    const start = stored.place.map((at, axis) => at * chunk[axis]!);
    const size = start.map((at, axis) => Math.min(chunk[axis]!, field.shape[axis]! - at));
    const isEdge = size.some((length, axis) => length < chunk[axis]!);
    const bytes = this.#bytesOf(stored, isEdge);
    const { type } = this.dataset;
    const isRun = chunk.every((length, axis) => axis === 0 || length === field.shape[axis]);
    if (isRun) {
      const [first, rowSize] = [start[0]!, countOf(chunk.slice(1))];
      const run = field.numbers.subarray(first * rowSize, (first + size[0]!) * rowSize);
      return decodeNumbers(bytes.subarray(0, run.length * type.size), type, run);
    }
    const numbers = new Float32Array(countOf(chunk));
    decodeNumbers(bytes, type, numbers);
    copyBox({ numbers, shape: chunk }, field, { start, size });
  }

  /** @param isEdge Whether the chunk reaches beyond the array. */
  #bytesOf({ address, size, mask }: PlacedChunk, isEdge: boolean): Uint8Array {
    const { chunkSize } = this.#grid;
    const { pipeline } = this.dataset;
    this.file.spendUnpacked(chunkSize);
    const isPacked = pipeline.length > 0 && (this.layout.packsEdges || !isEdge);
    if (!isPacked) return this.file.chunk(address, chunkSize);
    return unpack(this.file.chunk(address, size), { pipeline, mask, size: chunkSize });
  }
}
