/** Options of {@linkcode GrowingBuffer}. */
export interface GrowingBufferOptions {
  /** The most bytes that may come. */
  readonly maxBytes: number;
  /** How many bytes are said to come, where that is known; it may not be true. */
  readonly declared?: number | undefined;
  /** Told of memory before it is taken, in bytes; what it throws keeps it from being taken. */
  readonly onGrow?: ((bytes: number) => void) | undefined;
}

/** The room that there is at first, in bytes. */
const firstRoom = 2 ** 14;

/** What is said of the length is believed when such a share of it has come. */
const believableShare = 1 / 8;

/**
 * One buffer that grows as bytes come, so that many small chunks take no more memory than a large one. What it takes is
 * at most eight times what has come where the length is known, and twice where it is not.
 */
export class GrowingBuffer {
  readonly #options: GrowingBufferOptions;
  #buffer = new ArrayBuffer(0);
  #length = 0;

  /** @param options How large it may become. */
  constructor(options: GrowingBufferOptions) {
    this.#options = options;
  }

  /** How many bytes have come. */
  get length(): number {
    return this.#length;
  }

  /** What has come, without a copy. */
  get bytes(): Uint8Array<ArrayBuffer> {
    return new Uint8Array(this.#buffer, 0, this.#length);
  }

  /** Copy a chunk behind what there is. */
  append(chunk: Uint8Array): void {
    this.#reserve(this.#length + chunk.length);
    new Uint8Array(this.#buffer).set(chunk, this.#length);
    this.#length += chunk.length;
  }

  #reserve(wanted: number): void {
    const { maxBytes, declared, onGrow } = this.#options;
    const before = this.#buffer.byteLength;
    if (wanted <= before) return;
    const isPossible = declared !== undefined && declared >= this.#length && declared <= maxBytes;
    const isBelieved = isPossible && this.#length >= declared * believableShare;
    const whole = isPossible ? declared : maxBytes;
    const size = Math.max(isBelieved ? whole : Math.min(Math.max(2 * before, firstRoom), whole), wanted);
    onGrow?.(size - before);
    this.#buffer = this.#buffer.transfer(size);
  }
}
