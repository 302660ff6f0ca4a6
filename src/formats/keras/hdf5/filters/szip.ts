import { BitReader } from "./bit_reader.ts";
import { Damage } from "../errors.ts";
import type { FilterTask } from "./filter.ts";

/** Bits of the filter's options: whether bytes are big-endian, and differences are stored. */
const bigEndian = 16;
const differences = 32;

/** What follows from the filter's values. */
interface Coding {
  /** How many bits a sample has. */
  readonly bits: number;
  /** How many samples a block has. */
  readonly block: number;
  /** How many blocks come before the next sample that is stored as it is. */
  readonly interval: number;
  readonly isDifference: boolean;
}

/** A count of blocks of zeros that stands for all up to the end of a segment of 64. */
const toEnd = 5;
const segment = 64;

/** Decodes blocks of samples by CCSDS 121.0, each by the code that its first bits name. */
class BlockReader {
  readonly #reader: BitReader;
  readonly #samples: Uint32Array;
  #at = 0;

  constructor(bytes: Uint8Array, readonly coding: Coding, count: number) {
    this.#reader = new BitReader(bytes);
    this.#samples = new Uint32Array(count);
  }

  read(): Uint32Array {
    const { bits, block, interval, isDifference } = this.coding;
    const idBits = bits > 16 ? 5 : bits > 8 ? 4 : 3;
    const whole = 2 ** idBits - 1;
    const perInterval = block * interval;
    while (this.#at < this.#samples.length) {
      const inInterval = this.#at % perInterval;
      const first = isDifference && inInterval === 0 ? 1 : 0;
      const id = this.#reader.bits(idBits);
      if (id === 0) this.#readLow(first, inInterval / block);
      else if (id === whole) this.#put(block, () => this.#reader.bits(bits));
      else this.#readSplit(first, id - 1);
    }
    if (isDifference) this.#addUp(perInterval);
    return this.#samples;
  }

  /** Write samples as far as there is room: the last block may be longer than what is left. */
  #put(count: number, next: () => number): void {
    for (let index = 0; index < count; index++) {
      const value = next();
      if (this.#at < this.#samples.length) this.#samples[this.#at++] = value;
    }
  }

  /** The sample that is stored as it is, at the start of an interval. */
  #readReference(first: number): void {
    if (first) this.#put(1, () => this.#reader.bits(this.coding.bits));
  }

  /** The high part of each as so many zeros, then the low bits of all. */
  #readSplit(first: number, low: number): void {
    this.#readReference(first);
    const count = this.coding.block - first;
    const high = Array.from({ length: count }, () => this.#reader.zeros());
    let index = 0;
    this.#put(count, () => high[index++]! * 2 ** low + this.#reader.bits(low));
  }

  /** Blocks of zeros, or pairs in one number each. */
  #readLow(first: number, blockInInterval: number): void {
    const arePairs = this.#reader.bits(1) === 1;
    this.#readReference(first);
    const { block, interval } = this.coding;
    if (arePairs) {
      for (let index = first; index < block;) {
        const code = this.#reader.zeros();
        const sum = Math.floor((Math.sqrt(8 * code + 1) - 1) / 2);
        const second = code - sum * (sum + 1) / 2;
        if (index % 2 === 0) this.#put(1, () => sum - second);
        this.#put(1, () => second);
        index = index - index % 2 + 2;
      }
      return;
    }
    let blocks = this.#reader.zeros() + 1;
    if (blocks === toEnd) blocks = Math.min(interval - blockInInterval, segment - blockInInterval % segment);
    else if (blocks > toEnd) blocks--;
    if (blocks > interval - blockInInterval) throw new Damage("a chunk is damaged");
    this.#put(blocks * block - first, () => 0);
  }

  /** Samples from their differences, whose signs and sizes were put into one number without sign. */
  #addUp(perInterval: number): void {
    const most = 2 ** this.coding.bits - 1;
    const samples = this.#samples;
    for (let index = 0; index < samples.length; index++) {
      if (index % perInterval === 0) continue;
      const before = samples[index - 1]!;
      const difference = samples[index]!;
      const room = before * 2 > most ? most - before : before; // to the nearer end
      if (Math.ceil(difference / 2) <= room) {
        samples[index] = before + (difference % 2 === 0 ? difference / 2 : -(difference + 1) / 2);
      } else samples[index] = before * 2 > most ? most - difference : difference;
    }
  }
}

/** Samples as bytes. */
function toBytes(samples: Uint32Array, size: number, isBigEndian: boolean): Uint8Array {
  const bytes = new Uint8Array(samples.length * size);
  const view = new DataView(bytes.buffer);
  for (let index = 0; index < samples.length; index++) {
    if (size === 1) bytes[index] = samples[index]!;
    else if (size === 2) view.setUint16(index * 2, samples[index]!, !isBigEndian);
    else view.setUint32(index * 4, samples[index]!, !isBigEndian);
  }
  return bytes;
}

/** Lines without what fills them up to whole blocks. */
function cutLines(bytes: Uint8Array, padded: number, line: number): Uint8Array {
  if (padded === line) return bytes;
  const lines = Math.ceil(bytes.length / padded);
  const result = new Uint8Array(lines * line);
  for (let index = 0; index < lines; index++) {
    result.set(bytes.subarray(index * padded, index * padded + line), index * line);
  }
  return result;
}

/** Undo szip. */
export function unpackSzip(bytes: Uint8Array, { values, maxSize }: FilterTask): Uint8Array {
  const [options, block, pixelBits, lineLength] = values as readonly [number, number, number, number];
  const size = bytes.length < 4 ? NaN : new DataView(bytes.buffer, bytes.byteOffset).getUint32(0, true);
  const isSplit = pixelBits === 32 || pixelBits === 64; // into bytes of a kind
  const bits = isSplit ? 8 : pixelBits;
  const isSound = size <= maxSize && block > 0 && block <= 64 && lineLength > 0 && lineLength <= 2 ** 16 &&
    bits > 0 && bits <= 24;
  if (!isSound) throw new Damage("a chunk is of another size");
  const sampleSize = bits > 16 ? 4 : bits > 8 ? 2 : 1;
  const interval = Math.ceil(lineLength / block);
  const lines = Math.ceil(size / sampleSize / lineLength);
  const isPadded = lineLength % block !== 0;
  const count = isPadded ? lines * interval * block : size / sampleSize;
  const coding = { bits, block, interval, isDifference: (options & differences) !== 0 };
  const samples = new BlockReader(bytes.subarray(4), coding, count).read();
  const padded = toBytes(samples, sampleSize, (options & bigEndian) !== 0);
  const whole = cutLines(
    padded,
    isPadded ? interval * block * sampleSize : 1,
    isPadded ? lineLength * sampleSize : 1,
  )
    .subarray(0, size);
  if (!isSplit) return whole;
  const width = pixelBits / 8;
  const result = new Uint8Array(size);
  const each = Math.floor(size / width);
  for (let index = 0; index < each * width; index++) {
    result[index] = whole[(index % width) * each + Math.floor(index / width)]!;
  }
  return result;
}
