/**
 * Numbers that can be had again from their products with a factor for each column: the quotient, rounded, is off by a few
 * units of the last place at most, which are noted in two bits for each number.
 */
export class Unscaled {
  readonly #scale: Float32Array;
  readonly #codes: Uint8Array;

  private constructor(scale: Float32Array, codes: Uint8Array) {
    this.#scale = scale;
    this.#codes = codes;
  }

  /**
   * Note how far the quotients are from the numbers.
   *
   * @param numbers Rows of as many as there are factors.
   * @param products Of these and the factors.
   * @returns `undefined` where some quotient is farther off, as where a factor is 0.
   */
  static note(numbers: Float32Array, products: Float32Array, scale: Float32Array): Unscaled | undefined {
    const columns = scale.length, codes = new Uint8Array(Math.ceil(numbers.length / 4));
    const row = new Float32Array(columns), bits = new Int32Array(row.buffer);
    const wanted = new Int32Array(numbers.buffer, numbers.byteOffset, numbers.length);
    for (let start = 0; start < numbers.length; start += columns) {
      for (let column = 0; column < columns; column++) {
        row[column] = products[start + column]! / scale[column]!;
      }
      for (let column = 0; column < columns; column++) {
        const code = (wanted[start + column]! - bits[column]!) + 1;
        if (code < 0 || code > 3) return undefined;
        const at = start + column;
        codes[at >> 2]! |= code << 2 * (at & 3);
      }
    }
    return new Unscaled(scale, codes);
  }

  /** Divide products, in place: what they are made of, to the last bit. */
  divide(products: Float32Array): void {
    const columns = this.#scale.length;
    const bits = new Int32Array(products.buffer, products.byteOffset, products.length);
    for (let start = 0; start < products.length; start += columns) {
      for (let column = 0; column < columns; column++) products[start + column]! /= this.#scale[column]!;
      for (let column = 0; column < columns; column++) {
        const at = start + column;
        bits[at]! += (this.#codes[at >> 2]! >> 2 * (at & 3) & 3) - 1;
      }
    }
  }
}
