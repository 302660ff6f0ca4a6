import { Damage } from "../errors.ts";
import type { FilterTask } from "./filter.ts";

/** The first control byte that stands for bytes that were there before; those below count bytes as they are. */
const firstReference = 32;

/** The length in a control byte that is continued in another byte. */
const continued = 7;

/** Undo LZF, h5py's own filter. */
export function unpackLzf(bytes: Uint8Array, { maxSize, values }: FilterTask): Uint8Array {
  const result = new Uint8Array(Math.min(maxSize, values[2] ?? maxSize)); // a chunk's size is noted
  let [from, to] = [0, 0];
  while (from < bytes.length) {
    const control = bytes[from++]!;
    if (control < firstReference) {
      const end = from + control + 1;
      if (end > bytes.length || to + control + 1 > result.length) throw new Damage("a chunk is damaged");
      result.set(bytes.subarray(from, end), to);
      to += control + 1;
      from = end;
      continue;
    }
    let length = control >> 5;
    if (length === continued) length += bytes[from++] ?? NaN;
    const distance = ((control & 31) << 8 | (bytes[from++] ?? NaN)) + 1;
    const end = to + length + 2;
    if (!(from <= bytes.length && distance <= to && end <= result.length)) {
      throw new Damage("a chunk is damaged");
    }
    for (; to < end; to++) result[to] = result[to - distance]!; // which may overlap what is written
  }
  return result.subarray(0, to);
}
