import { Damage } from "../errors.ts";

/** Reads bits, the highest of each byte first. */
export class BitReader {
  #at = 0;

  constructor(readonly bytes: Uint8Array) {}

  /** @param count At most 32. */
  bits(count: number): number {
    let value = 0;
    let left = count;
    while (left > 0) {
      const byte = this.#byte();
      const inByte = 8 - (this.#at & 7);
      const taken = Math.min(left, inByte);
      value = value * 2 ** taken + (byte >> inByte - taken & (1 << taken) - 1);
      this.#at += taken;
      left -= taken;
    }
    return value;
  }

  /** Of a number of any length. */
  long(count: number): bigint {
    let value = 0n;
    for (let left = count; left > 0; left -= 32) {
      const taken = Math.min(left, 32);
      value = value << BigInt(taken) | BigInt(this.bits(taken));
    }
    return value;
  }

  /** How many 0 come before the next 1, which is passed over. */
  zeros(): number {
    let count = 0;
    for (;;) {
      const inByte = 8 - (this.#at & 7);
      const rest = this.#byte() & (1 << inByte) - 1;
      const leading = Math.clz32(rest) - 32 + inByte;
      this.#at += Math.min(inByte, leading + 1);
      count += leading;
      if (rest !== 0) return count;
    }
  }

  #byte(): number {
    const byte = this.bytes[this.#at >> 3];
    if (byte === undefined) throw new Damage("a chunk is cut short");
    return byte;
  }
}

/**
 * Write a number of some bytes.
 *
 * @param bytes All of it is written to.
 */
export function writeNumber(bytes: Uint8Array, value: bigint, isBigEndian: boolean): void {
  let rest = value;
  for (let index = 0; index < bytes.length; index++) {
    bytes[isBigEndian ? bytes.length - 1 - index : index] = Number(rest & 0xffn);
    rest >>= 8n;
  }
}
