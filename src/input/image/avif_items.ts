import { type Box, boxesIn } from "./boxes.ts";
import { viewOf } from "./bytes.ts";

/** A run of bytes in a file. */
interface Extent {
  readonly start: number;
  readonly length: number;
}

/** Whole numbers one after another, each of so many bytes. */
class NumberReader {
  readonly #view: DataView;
  constructor(bytes: Uint8Array, public at: number) {
    this.#view = viewOf(bytes);
  }

  /** @throws {RangeError} Behind the end. */
  next(length: number): number {
    let value = 0;
    for (const end = this.at + length; this.at < end; this.at++) {
      value = value * 256 + this.#view.getUint8(this.at);
    }
    return value;
  }
}

/** Where the items of a file lie, from its box of locations; `data` is the box of those that lie beside it. */
function* readLocations(bytes: Uint8Array, { start }: Box, data: Box | undefined): Generator<Extent> {
  const reader = new NumberReader(bytes, start);
  const version = reader.next(1);
  reader.next(3);
  const [sizes, more] = [reader.next(1), reader.next(1)];
  const [offsetSize, lengthSize, baseSize, indexSize] = [sizes >> 4, sizes & 15, more >> 4, more & 15];
  const items = reader.next(version < 2 ? 2 : 4);
  for (let item = 0; item < items; item++) {
    reader.next(version < 2 ? 2 : 4); // its number
    const isBeside = version > 0 && (reader.next(2) & 15) === 1;
    reader.next(2); // of which file
    const base = reader.next(baseSize) + (isBeside ? data?.start ?? Infinity : 0);
    const extents = reader.next(2);
    for (let extent = 0; extent < extents; extent++) {
      if (version > 0) reader.next(indexSize);
      yield { start: base + reader.next(offsetSize), length: reader.next(lengthSize) };
    }
  }
}

/** How many times as long as the file its items may be, all together: damaged ones lie over each other. */
const mostOverlap = 4;

/**
 * What the items of an AVIF hold: pictures, tiles of them, and others.
 *
 * @throws {RangeError} If it is cut short, or its items lie over each other.
 */
export function* avifItems(bytes: Uint8Array): Generator<Uint8Array> {
  let left = bytes.length * mostOverlap;
  for (const meta of boxesIn(bytes, 0, bytes.length)) {
    if (meta.kind !== "meta") continue;
    const inside = [...boxesIn(bytes, meta.start + 4, meta.end)];
    const data = inside.find(({ kind }) => kind === "idat");
    for (const box of inside.filter(({ kind }) => kind === "iloc")) {
      for (const { start, length } of readLocations(bytes, box, data)) {
        const item = bytes.subarray(start, length === 0 ? bytes.length : start + length);
        left -= item.length;
        if (left < 0) throw new RangeError("items lie over each other");
        yield item;
      }
    }
  }
}
