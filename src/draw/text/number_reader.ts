/** Reads numbers of seven bits a byte, the lowest first; the last byte of each has no eighth bit. */
export class NumberReader {
  /**
   * @param bytes What to read.
   * @param at Where the next number begins.
   */
  constructor(readonly bytes: Uint8Array, public at: number = 0) {}

  /** The next number, from 0. */
  number(): number {
    let [value, shift] = [0, 0];
    for (let byte = 0x80; byte > 0x7f; shift += 7) {
      byte = this.bytes[this.at++] ?? 0;
      value |= (byte & 0x7f) << shift;
    }
    return value;
  }

  /** The next number, whose lowest bit says that it is below zero. */
  signed(): number {
    const value = this.number();
    return value & 1 ? -(value + 1) / 2 : value / 2;
  }

  /** Numbers of two bits, four in a byte, the lowest first. */
  pairs(count: number): number[] {
    const start = this.at;
    this.at += Math.ceil(count / 4);
    return Array.from(
      { length: count },
      (_, index) => this.bytes[start + (index >> 2)]! >> 2 * (index & 3) & 3,
    );
  }
}
