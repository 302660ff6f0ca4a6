/** Chunks as one array. */
export function joinBytes(chunks: readonly Uint8Array[]): Uint8Array<ArrayBuffer> {
  const joined = new Uint8Array(chunks.reduce((length, chunk) => length + chunk.length, 0));
  let offset = 0;
  for (const chunk of chunks) {
    joined.set(chunk, offset);
    offset += chunk.length;
  }
  return joined;
}

/** Chunks as if they were one array: what lies within one of them is not copied. */
export class JoinedBytes {
  /** How many bytes there are. */
  readonly length: number;
  readonly #chunks: readonly Uint8Array[];

  constructor(chunks: readonly Uint8Array[]) {
    this.#chunks = chunks;
    this.length = chunks.reduce((length, chunk) => length + chunk.length, 0);
  }

  /** Some of the bytes, a view where that can be. */
  slice(start: number, end: number): Uint8Array<ArrayBuffer> {
    const parts: Uint8Array[] = [];
    let offset = 0;
    for (const chunk of this.#chunks) {
      const [from, to] = [Math.max(start - offset, 0), Math.min(end - offset, chunk.length)];
      if (from < to) parts.push(chunk.subarray(from, to));
      offset += chunk.length;
    }
    return parts.length === 1 ? parts[0] as Uint8Array<ArrayBuffer> : joinBytes(parts);
  }
}
