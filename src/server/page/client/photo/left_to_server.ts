/// <reference lib="dom" />
/** Where a kind of file has what says that browsers show it otherwise than the server reads it. */
interface Sign {
  /** What such a file begins with, and what it has further on: bytes by their place. */
  readonly bytes: Readonly<Record<number, number>>;
  /** Whether the byte at a place says so. */
  readonly at: number;
  says(byte: number): boolean;
}

const signs: readonly Sign[] = [
  { // a PNG of 16 bits, of which browsers show 8: which of its values count is for the server to say
    bytes: { 0: 0x89, 1: 0x50, 2: 0x4e, 3: 0x47, 4: 0x0d, 5: 0x0a, 6: 0x1a, 7: 0x0a },
    at: 24,
    says: (depth) => depth === 16,
  },
  { // a WebP with Exif, whose orientation browsers pass over
    bytes: { 0: 0x52, 1: 0x49, 2: 0x46, 3: 0x46, 8: 0x57, 9: 0x45, 12: 0x56, 13: 0x50, 14: 0x38, 15: 0x58 },
    at: 20,
    says: (flags) => (flags & 8) !== 0,
  },
];

/** As much of a file as signs are looked for in. */
const headLength = 32;

/** Whether a file is for the server to show, and goes up as it is: this browser would show something else. */
export async function isLeftToServer(file: Blob): Promise<boolean> {
  const head = new Uint8Array(await file.slice(0, headLength).arrayBuffer());
  return signs.some(({ bytes, at, says }) =>
    Object.entries(bytes).every(([place, byte]) => head[Number(place)] === byte) && says(head[at] ?? 0)
  );
}
