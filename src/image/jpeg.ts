import { hasText, viewOf } from "./bytes.ts";
import type { DecodedPixels, ImageFormat, ImageHeader } from "./format.ts";
import { decodeNatively } from "./native.ts";
import { readOrientation } from "./orientation.ts";

/** What a JPEG's segments say. */
interface JpegHeader extends ImageHeader {
  /** 1 for grey, 3 for colour, 4 for CMYK. */
  readonly channels: number;
  /** How the camera was held, 1 to 8. */
  readonly orientation: number;
}

/** Markers of segments that hold the size: all "start of frame" ones. */
function isFrame(marker: number): boolean {
  return marker >= 0xc0 && marker <= 0xcf && ![0xc4, 0xc8, 0xcc].includes(marker);
}

function readHeader(bytes: Uint8Array): JpegHeader | undefined {
  const view = viewOf(bytes);
  let orientation = 1;
  for (let at = 2; at + 9 < bytes.length;) {
    if (bytes[at] !== 0xff) return undefined;
    const marker = bytes[at + 1]!;
    if (marker === 0xff) {
      at++; // padding
      continue;
    }
    if (isFrame(marker)) {
      const [height, width] = [view.getUint16(at + 5), view.getUint16(at + 7)];
      return { height, width, channels: bytes[at + 9]!, orientation };
    }
    const length = view.getUint16(at + 2);
    if (marker === 0xe1 && hasText(bytes, "Exif\0\0", at + 4)) {
      orientation = readOrientation(bytes.subarray(at + 4, at + 2 + length));
    }
    at += 2 + length;
  }
  return undefined;
}

/** Whether the mark that ends a JPEG is there. */
function isWhole(bytes: Uint8Array): boolean {
  for (let at = bytes.length - 2; at > 0; at--) {
    if (bytes[at] === 0xff && bytes[at + 1] === 0xd9) return true;
    if (bytes[at] === 0xff && bytes[at + 1] === 0xda) return false; // the pixels begin here
  }
  return false;
}

/** Three channels and one: as Pillow decodes it. */
async function decodeExactly(bytes: Uint8Array): Promise<DecodedPixels> {
  const [{ default: decode, init }, { binary }] = await Promise.all([
    import("@jsquash/jpeg/decode.js"),
    import("./jpeg_binary.js"),
  ]);
  // Its types know only the second of its two forms.
  const start = init as unknown as (binary: WebAssembly.Module, options: unknown) => Promise<void>;
  const options = { print: () => {}, printErr: () => {} };
  if (!started) await start(binary, options);
  started = true;
  try {
    const { data, height, width } = await decode(bytes.slice().buffer, { preserveOrientation: true });
    return { data: data as Uint8ClampedArray, height, width };
  } catch (error) {
    started = false; // each failure costs it memory: the next file gets a new instance
    throw error;
  }
}

/** Whether the decoder has an instance that has not failed. */
let started = false;

/** JPEG, exactly as Pillow decodes it; CMYK by the platform. */
export const jpegFormat: ImageFormat<JpegHeader> = {
  name: "jpeg",
  title: "JPEG",
  matches: (bytes) => bytes[0] === 0xff && bytes[1] === 0xd8 && bytes[2] === 0xff,
  readHeader,
  async decode(bytes, { channels }) {
    const image = await (channels === 4 ? decodeNatively(bytes) : decodeExactly(bytes));
    return isWhole(bytes)
      ? image
      : { ...image, warnings: ["The photo is cut short: what is missing is grey"] };
  },
};
