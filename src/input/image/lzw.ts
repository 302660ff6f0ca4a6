/** How codes are written. */
export interface CodeLayout {
  /** How many bits a literal value has: the first codes have one more. */
  readonly literalBits: number;
  /** Whether codes begin with their highest bit, in the highest bits of a byte. */
  readonly isHighestFirst: boolean;
  /** Whether codes become longer one code before they have to. */
  readonly isEarly: boolean;
}

/** How long codes become. */
const mostBits = 12;

/** A code of up to 12 bits from the three bytes that it may lie in. */
const readers = {
  lowest: (packed: Uint8Array, at: number) =>
    packed[at]! | (packed[at + 1] ?? 0) << 8 | (packed[at + 2] ?? 0) << 16,
  highest: (packed: Uint8Array, at: number) =>
    packed[at]! << 16 | (packed[at + 1] ?? 0) << 8 | (packed[at + 2] ?? 0),
};

/**
 * Unpack Lempel, Ziv and Welch's codes of up to 12 bits, as they are in TIFF and GIF.
 *
 * @param packed The codes.
 * @param length How many values are wanted.
 * @param layout How they are written.
 * @returns Fewer values if the codes end before.
 * @throws If there is a code that cannot be.
 */
export function unpackCodes(
  packed: Uint8Array,
  length: number,
  { literalBits, isHighestFirst, isEarly }: CodeLayout,
): Uint8Array {
  const clear = 1 << literalBits;
  const last = clear + 1;
  const firstWidth = literalBits + 1;
  const early = isEarly ? 1 : 0;
  const read = isHighestFirst ? readers.highest : readers.lowest;
  const result = new Uint8Array(length);
  const starts = new Uint32Array(1 << mostBits); // of each code's values in what was unpacked before
  const lengths = new Uint32Array(1 << mostBits);
  let [to, codes, width, previous] = [0, last + 1, firstWidth, clear];
  for (let bit = 0; bit + width <= packed.length * 8 && to < length;) {
    const three = read(packed, bit >>> 3);
    const code = three >> (isHighestFirst ? 24 - width - (bit & 7) : bit & 7) & (1 << width) - 1;
    bit += width;
    if (code === last) break;
    if (code === clear) {
      [codes, width, previous] = [last + 1, firstWidth, clear];
      continue;
    }
    if (code > codes || code === codes && previous === clear) throw new Error(`LZW code ${code}`);
    const start = to;
    if (previous !== clear && codes < 1 << mostBits) { // the values before, and the first of these
      starts[codes] = start - (previous < clear ? 1 : lengths[previous]!);
      lengths[codes] = start - starts[codes]! + 1;
      codes++;
    }
    const count = code < clear ? 1 : lengths[code]!;
    const from = starts[code]!;
    for (let index = 0; index < count && to < length; index++) {
      result[to++] = code < clear ? code : result[from + index]!;
    }
    previous = code;
    if (codes + early >= 1 << width && width < mostBits) width++;
  }
  return result.subarray(0, to);
}
