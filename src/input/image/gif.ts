import { hasText, viewOf } from "./bytes.ts";
import type { ImageFormat, ImageHeader } from "./format.ts";
import { decodeNatively } from "./native.ts";

/** What begins a block: an extension, or a picture. */
const block = { extension: 0x21, picture: 0x2c };

/** Bytes that a colour table takes, by the flags that announce it. */
function tableLength(flags: number): number {
  return flags & 0x80 ? 3 << (flags & 7) + 1 : 0;
}

/** The first picture's pixels: it may be larger than the screen that the file announces. */
function firstPicture(bytes: Uint8Array, view: DataView): number | undefined {
  let at = 13 + tableLength(bytes[10]!);
  while (bytes[at] === block.extension) {
    at += 2;
    while (bytes[at]) at += bytes[at]! + 1; // parts, each with its length before it
    at++;
  }
  if (bytes[at] !== block.picture || at + 9 > bytes.length) return undefined;
  return view.getUint16(at + 5, true) * view.getUint16(at + 7, true);
}

function readHeader(bytes: Uint8Array): ImageHeader | undefined {
  if (bytes.length < 13) return undefined;
  const view = viewOf(bytes);
  const largest = firstPicture(bytes, view) ?? 0;
  return { width: view.getUint16(6, true), height: view.getUint16(8, true), largest };
}

/** GIF; of an animated one the first picture. */
export const gifFormat: ImageFormat = {
  name: "gif",
  isUnmistakable: true,
  title: "GIF",
  endings: ["gif"],
  matches: (bytes) => hasText(bytes, "GIF87a") || hasText(bytes, "GIF89a"),
  readHeader,
  decode: decodeNatively,
};
