/** Bits one after another, the highest of a byte first. */
class BitReader {
  readonly #bytes: Uint8Array;
  #bit = 0;
  constructor(bytes: Uint8Array) {
    this.#bytes = bytes;
  }

  /** A whole number; what lies behind the end is 0. */
  next(bits: number): number {
    let value = 0;
    for (; bits > 0; bits--, this.#bit++) {
      value = value * 2 + ((this.#bytes[this.#bit >> 3] ?? 0) >> (7 - (this.#bit & 7)) & 1);
    }
    return value;
  }

  /** A number with as many zeros before it as it has bits but one. */
  nextOfAnyLength(): number {
    let zeros = 0;
    while (zeros < 32 && this.next(1) === 0) zeros++;
    return 2 ** zeros - 1 + this.next(zeros);
  }
}

/** Pass over when frames are shown. */
function skipTiming(bits: BitReader): number | undefined {
  if (!bits.next(1)) return undefined;
  bits.next(64);
  if (bits.next(1)) bits.nextOfAnyLength();
  if (!bits.next(1)) return undefined;
  const delayLength = bits.next(5) + 1;
  bits.next(42);
  return delayLength;
}

/** Pass over for which decoders it is meant. */
function skipOperatingPoints(bits: BitReader, delayLength: number | undefined): void {
  const hasDelays = bits.next(1);
  for (let points = bits.next(5) + 1; points > 0; points--) {
    bits.next(12);
    if (bits.next(5) > 7) bits.next(1);
    if (delayLength !== undefined && bits.next(1)) bits.next(2 * delayLength + 1);
    if (hasDelays && bits.next(1)) bits.next(4);
  }
}

/** The largest frame that a sequence header allows, in pixels. */
function readSequence(content: Uint8Array): number {
  const bits = new BitReader(content);
  bits.next(4);
  if (bits.next(1)) bits.next(5);
  else skipOperatingPoints(bits, skipTiming(bits));
  const [widthBits, heightBits] = [bits.next(4) + 1, bits.next(4) + 1];
  return (bits.next(widthBits) + 1) * (bits.next(heightBits) + 1);
}

/** What begins a part of AV1: its kind, and whether a byte more and its length follow. */
const flags = { kind: 0x78, extension: 4, length: 2 };

/** The kind of part that says the size. */
const sequenceHeader = 1;

/**
 * The largest frame that AV1 data allow, in pixels, by all headers that are in them; 0 where there is none. A decoder makes
 * room for that, whatever the file around them says.
 */
export function largestAv1Frame(data: Uint8Array): number {
  let largest = 0;
  for (let at = 0; at < data.length;) {
    const first = data[at]!;
    at += first & flags.extension ? 2 : 1;
    let length = data.length - at;
    if (first & flags.length) {
      length = 0;
      for (let shift = 1, more = true; more && at < data.length; shift *= 128) {
        length += (data[at]! & 127) * shift;
        more = data[at++]! > 127;
      }
    }
    if ((first & flags.kind) >> 3 === sequenceHeader) {
      largest = Math.max(largest, readSequence(data.subarray(at, at + length)));
    }
    at += length;
  }
  return largest;
}
