import { hasText, viewOf } from "./bytes.ts";
import type { DecodedPixels, ImageFormat, ImageHeader } from "./format.ts";
import { decodeNatively } from "./native.ts";
import { orient, readOrientation } from "./orientation.ts";

/** What a PNG's chunks say. */
interface PngHeader extends ImageHeader {
  /** Bits a channel. */
  readonly depth: number;
  /** Whether it is grey with alpha, which the platform's decoder drops. */
  readonly isGreyWithAlpha: boolean;
  /** How the camera was held, 1 to 8. */
  readonly orientation: number;
}

const greyWithAlpha = 4;

function findOrientation(bytes: Uint8Array): number {
  const view = viewOf(bytes);
  for (let at = 8; at + 8 <= bytes.length;) {
    const length = view.getUint32(at);
    if (hasText(bytes, "eXIf", at + 4)) return readOrientation(bytes.subarray(at + 8, at + 8 + length));
    if (hasText(bytes, "IDAT", at + 4)) return 1; // it may stand behind the pixels too, but nobody writes it there
    at += 12 + length;
  }
  return 1;
}

function readHeader(bytes: Uint8Array): PngHeader | undefined {
  if (bytes.length < 29 || !hasText(bytes, "IHDR", 12)) return undefined;
  const view = viewOf(bytes);
  return {
    height: view.getUint32(20),
    width: view.getUint32(16),
    depth: bytes[24]!,
    isGreyWithAlpha: bytes[25] === greyWithAlpha,
    orientation: findOrientation(bytes),
  };
}

/** 16 bits a channel, and grey with alpha. */
async function decodeDeep(bytes: Uint8Array): Promise<DecodedPixels> {
  const { decode } = await import("fast-png");
  const { data: values, channels, depth, height, width } = decode(bytes, { checkCrc: true });
  const data = new Uint8ClampedArray(width * height * 4);
  const shift = depth - 8; // of 16 bits the higher 8
  const isGrey = channels < 3;
  for (let from = 0, to = 0; to < data.length; from += channels, to += 4) {
    for (let channel = 0; channel < 3; channel++) {
      data[to + channel] = values[from + (isGrey ? 0 : channel)]! >> shift;
    }
    data[to + 3] = channels % 2 === 0 ? values[from + channels - 1]! >> shift : 255;
  }
  return { data, height, width };
}

/** PNG of any depth; of an animated one the first picture. */
export const pngFormat: ImageFormat<PngHeader> = {
  name: "png",
  title: "PNG",
  matches: (bytes) => hasText(bytes, "\x89PNG\r\n\x1a\n"),
  readHeader,
  async decode(bytes, { depth, isGreyWithAlpha, orientation }) {
    const isDeep = depth === 16 || isGreyWithAlpha;
    return orient(await (isDeep ? decodeDeep(bytes) : decodeNatively(bytes)), orientation);
  },
};
