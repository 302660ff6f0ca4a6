import { hasText } from "../input/image/bytes.ts";

const hdf5Signature = "\x89HDF\r\n\x1a\n";

/** Whether a file is HDF5; a block of the user's own may stand before its content. */
export function isHdf5(bytes: Uint8Array): boolean {
  return [0, 512, 1024, 2048].some((start) => hasText(bytes, hdf5Signature, start));
}

/** Whether a file is a ZIP archive. */
export function isZip(bytes: Uint8Array): boolean {
  return hasText(bytes, "PK\x03\x04");
}

/** The fields of an ONNX model by their numbers, and how each is written: 0 a varint, 2 bytes of a length. */
const onnxFields: ReadonlyMap<number, number> = new Map([
  [1, 0],
  [2, 2],
  [3, 2],
  [4, 2],
  [5, 0],
  [6, 2],
  [7, 2],
  [8, 2],
  [14, 2],
  [20, 2],
  [25, 2],
  [26, 2],
]);

/** How the fields of a graph begin: a node, its name, a tensor, a text, an input, an output, a value. */
const graphTags: ReadonlySet<number> = new Set([0x0a, 0x12, 0x2a, 0x52, 0x5a, 0x62, 0x6a]);

/** A varint of a few bytes, and where it ends; `undefined` where it is longer. */
function shortVarint(bytes: Uint8Array, at: number): { value: number; end: number } | undefined {
  let value = 0;
  for (let shift = 0; shift < 35; shift += 7) {
    const byte = bytes[at++] ?? 0;
    value += (byte & 0x7f) * 2 ** shift;
    if (byte < 0x80) return { value, end: at };
  }
  return undefined;
}

/**
 * Whether a file is an ONNX model. The format has no signature: its fields must be those of a model as far as can be seen,
 * its version among them, or its graph where that stands first.
 */
export function isOnnx(bytes: Uint8Array): boolean {
  const seen = new Set<number>();
  let at = 0;
  while (at < bytes.length) {
    const tag = shortVarint(bytes, at);
    const number = tag && Math.floor(tag.value / 8);
    if (number === undefined || onnxFields.get(number) !== tag!.value % 8) return false;
    const content = shortVarint(bytes, tag!.end);
    if (!content) return false;
    if (number === 1 && !(content.value >= 1 && content.value < 64)) return false;
    seen.add(number);
    if (number === 7) return graphTags.has(bytes[content.end] ?? 0) && (seen.has(1) || at === 0);
    at = tag!.value % 8 === 0 ? content.end : content.end + content.value;
  }
  return false;
}
