/** Bytes unpacked at a time: from each may come a thousand. */
const portion = 16_384;

/** The last bytes come singly: some writers fill up what they packed, which the platform takes for damage. */
const singly = 8;

/** Packed bytes, a little at a time. */
function* inPortions(parts: readonly Uint8Array[]): Generator<Uint8Array<ArrayBuffer>> {
  for (const [index, part] of parts.entries()) {
    const end = index === parts.length - 1 ? Math.max(part.length - singly, 0) : part.length;
    for (let at = 0; at < end; at += portion) {
      yield part.subarray(at, Math.min(at + portion, end)) as Uint8Array<ArrayBuffer>;
    }
    for (let at = end; at < part.length; at++) yield part.subarray(at, at + 1) as Uint8Array<ArrayBuffer>;
  }
}

/**
 * Unpack what Deflate packed, with zlib's header: no more of it than is asked for.
 *
 * @param parts The packed bytes, one part after the other.
 * @throws {TypeError} If they are damaged or cut short, once what could be unpacked has been taken.
 */
export function inflated(parts: readonly Uint8Array[]): ReadableStream<Uint8Array> {
  const filled = parts.filter(({ length }) => length > 0);
  return ReadableStream.from(inPortions(filled)).pipeThrough(new DecompressionStream("deflate"));
}
