import { textAt, viewOf } from "./bytes.ts";

/** One of the parts that a file of boxes is made of, such as an AVIF. */
export interface Box {
  /** Four letters, such as `"meta"`. */
  readonly kind: string;
  /** Where its content begins. */
  readonly start: number;
  /** Where that ends. */
  readonly end: number;
}

/** The boxes between two places, as far as they are whole. */
export function* boxesIn(bytes: Uint8Array, start: number, end: number): Generator<Box> {
  const view = viewOf(bytes);
  for (let at = start; at + 8 <= end;) {
    const short = view.getUint32(at);
    const isLong = short === 1 && at + 16 <= end;
    const length = isLong ? Number(view.getBigUint64(at + 8)) : short === 0 ? end - at : short;
    const header = isLong ? 16 : 8;
    if (length < header || at + length > end) return;
    yield { kind: textAt(bytes, at + 4, 4), start: at + header, end: at + length };
    at += length;
  }
}
