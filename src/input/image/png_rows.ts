import { release } from "../../base/release.ts";
import { inflated } from "./inflate.ts";
import { unfilters } from "./png_unfilter.ts";

/** How the pixels of a PNG are stored. */
export interface PngShape {
  readonly height: number;
  readonly width: number;
  /** Bits a value. */
  readonly depth: number;
  /** Values a pixel. */
  readonly channels: number;
  /** Whether the picture comes in seven passes, each finer than the one before. */
  readonly isInterlaced: boolean;
}

/** Every so many pixels of every so many rows, from a first one on. */
export interface PngPass {
  readonly left: number;
  readonly top: number;
  readonly across: number;
  readonly down: number;
}

/** A row of a pass, its bytes as they were before they were filtered. */
export interface PngRow {
  readonly pass: PngPass;
  /** Which row of the picture it is. */
  readonly y: number;
  /** How many pixels it has. */
  readonly count: number;
  /** Its bytes; they are overwritten by the next row. */
  readonly bytes: Uint8Array;
}

const whole: PngPass = { left: 0, top: 0, across: 1, down: 1 };

/** The passes of Adam7. */
const interlaced: readonly PngPass[] = [
  { left: 0, top: 0, across: 8, down: 8 },
  { left: 4, top: 0, across: 8, down: 8 },
  { left: 0, top: 4, across: 4, down: 8 },
  { left: 2, top: 0, across: 4, down: 4 },
  { left: 0, top: 2, across: 2, down: 4 },
  { left: 1, top: 0, across: 2, down: 2 },
  { left: 0, top: 1, across: 1, down: 2 },
];

/** The rows of a PNG in the order in which they are stored. */
function* rowsOf({ height, width, isInterlaced }: PngShape): Generator<Omit<PngRow, "bytes">> {
  for (const pass of isInterlaced ? interlaced : [whole]) {
    const count = Math.ceil((width - pass.left) / pass.across);
    if (count <= 0) continue;
    for (let y = pass.top; y < height; y += pass.down) yield { pass, y, count };
  }
}

/**
 * Unpack the rows of a PNG one after the other.
 *
 * @param packed What the chunks of its pixels hold.
 * @param shape How they are stored.
 * @throws If they are damaged, or end before the picture does; what follows behind it is not looked at.
 */
export async function* readPngRows(packed: readonly Uint8Array[], shape: PngShape): AsyncGenerator<PngRow> {
  const bits = shape.depth * shape.channels;
  const step = Math.max(bits >> 3, 1);
  const longest = Math.ceil(shape.width * bits / 8) + 1; // the number of the filter comes first
  let [row, above] = [new Uint8Array(longest), new Uint8Array(longest)];
  const rows = rowsOf(shape);
  let next = rows.next();
  let [filled, pass]: [number, PngPass | undefined] = [0, undefined];
  for await (const part of inflated(packed)) {
    for (let at = 0; at < part.length && !next.done;) {
      const { value } = next;
      const length = Math.ceil(value.count * bits / 8) + 1;
      const taken = Math.min(length - filled, part.length - at);
      row.set(part.subarray(at, at + taken), filled);
      at += taken;
      filled += taken;
      if (filled < length) break;
      if (pass !== value.pass) above.fill(0);
      const unfilter = unfilters[row[0]!];
      if (!unfilter) throw new Error(`filter ${row[0]}`);
      const bytes = row.subarray(1, length);
      unfilter(bytes, above.subarray(1, length), step);
      yield { ...value, bytes };
      [row, above, filled, pass] = [above, row, 0, value.pass];
      next = rows.next();
    }
    release(part);
    if (next.done) return;
  }
  throw new Error("rows are missing");
}
