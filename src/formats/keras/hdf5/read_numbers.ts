import { ChunkReader } from "./chunks/chunk_reader.ts";
import type { NumberDataset } from "./dataset.ts";
import { Damage } from "./errors.ts";
import { decodeNumbers, isFloat32, type NumberType } from "./numbers.ts";
import type { StoredFile } from "./stored_file.ts";

/** How many bytes of numbers that must be decoded are read at once. */
const partSize = 2 ** 20;

/** Numbers that lie behind each other: read into their place where they are float32, else part by part. */
function readRun(file: StoredFile, address: number, type: NumberType, target: Float32Array): void {
  if (isFloat32(type)) {
    return file.readInto(address, new Uint8Array(target.buffer, target.byteOffset, target.byteLength));
  }
  const step = Math.floor(partSize / type.size);
  const bytes = new Uint8Array(Math.min(step, target.length) * type.size);
  for (let at = 0; at < target.length; at += step) {
    const part = target.subarray(at, at + step);
    const partBytes = bytes.subarray(0, part.length * type.size);
    file.readInto(address + at * type.size, partBytes);
    decodeNumbers(partBytes, type, part);
  }
}

/** Writes what stands for numbers that were never stored. */
function fillIn({ fill, type }: NumberDataset, target: Float32Array): void {
  const value = new Float32Array(1);
  if (fill && fill.length >= type.size) decodeNumbers(fill.subarray(0, type.size), type, value);
  target.fill(value[0]!);
}

/**
 * Read an array's numbers as float32.
 *
 * @param target Where they are written to.
 * @throws {Damage} If there are more or fewer, or they cannot be read.
 */
export function readNumbers(file: StoredFile, dataset: NumberDataset, target: Float32Array): void {
  const { space, type, layout } = dataset;
  if (space.count !== target.length) throw new Damage(`it holds ${space.count} numbers`);
  if (layout.kind === "compact") {
    return decodeNumbers(layout.bytes.subarray(0, target.length * type.size), type, target);
  }
  if (layout.kind === "contiguous" && layout.address !== undefined) {
    return readRun(file, layout.address, type, target);
  }
  fillIn(dataset, target);
  if (layout.kind === "chunked") new ChunkReader(file, dataset, layout).read(target);
}
