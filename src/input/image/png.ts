import { hasText, viewOf } from "./bytes.ts";
import type { ImageFormat, ImageHeader } from "./format.ts";
import { decodeNatively } from "./native.ts";
import { orient, readOrientation } from "./orientation.ts";
import { essentialPng, pngChunks } from "./png_chunks.ts";
import { decodeDeepPng } from "./png_deep.ts";
import type { RgbaImage } from "./types.ts";

/** What a PNG's chunks say. */
interface PngHeader extends ImageHeader {
  /** Bits a channel. */
  readonly depth: number;
  /** Whether it is grey with alpha, which the platform's decoder drops. */
  readonly isGreyWithAlpha: boolean;
  /** The grey value, 0 to 255, that stands for nothing: the platform's decoder shows it. */
  readonly emptyGrey?: number | undefined;
  /** How the camera was held, 1 to 8. */
  readonly orientation: number;
}

/** Kinds of colour. */
const color = { grey: 0, greyWithAlpha: 4 };

/** What the first chunk of a kind holds. */
function findContent(bytes: Uint8Array, sought: string): Uint8Array | undefined {
  for (const { kind, content } of pngChunks(bytes)) {
    if (kind === sought) return content;
  }
  return undefined;
}

function readEmptyGrey(bytes: Uint8Array, depth: number): number | undefined {
  const key = findContent(bytes, "tRNS");
  return key?.length === 2 ? viewOf(key).getUint16(0) * 255 / (2 ** depth - 1) : undefined;
}

function readHeader(bytes: Uint8Array): PngHeader | undefined {
  if (bytes.length < 29 || !hasText(bytes, "IHDR", 12)) return undefined;
  const view = viewOf(bytes);
  const depth = bytes[24]!;
  const exif = findContent(bytes, "eXIf");
  return {
    height: view.getUint32(20),
    width: view.getUint32(16),
    depth,
    isGreyWithAlpha: bytes[25] === color.greyWithAlpha,
    emptyGrey: bytes[25] === color.grey ? readEmptyGrey(bytes, depth) : undefined,
    orientation: exif ? readOrientation(exif) : 1,
  };
}

/** Up to 8 bits a channel. */
async function decodeShallowPng(bytes: Uint8Array, emptyGrey: number | undefined): Promise<RgbaImage> {
  const image = await decodeNatively(bytes);
  if (emptyGrey === undefined) return image;
  const { data } = image;
  for (let at = 0; at < data.length; at += 4) {
    if (data[at] === emptyGrey) data[at + 3] = 0;
  }
  return image;
}

/** PNG of any depth; of an animated one the first picture. */
export const pngFormat: ImageFormat<PngHeader> = {
  name: "png",
  isUnmistakable: true,
  title: "PNG",
  endings: ["png"],
  matches: (bytes) => hasText(bytes, "\x89PNG\r\n\x1a\n"),
  readHeader,
  async decode(bytes, { depth, emptyGrey, height, width, isGreyWithAlpha, orientation }) {
    const pixels = essentialPng(bytes);
    if (depth === 16 || isGreyWithAlpha) {
      return { ...await decodeDeepPng(pixels, height, width), orientation };
    }
    return orient(await decodeShallowPng(pixels, emptyGrey), orientation);
  },
};
