import { ImageError } from "../errors.ts";
import { viewOf } from "./bytes.ts";
import { loadCodec } from "./codec.ts";
import type { DecodedPixels, ImageFormat, ImageHeader } from "./format.ts";
import { findIntactPart, isFrame, jpegSegments } from "./jpeg_segments.ts";
import { decodeNatively } from "./native.ts";

/** What a JPEG's segments say. */
interface JpegHeader extends ImageHeader {
  /** 1 for grey, 3 for colour, 4 for CMYK. */
  readonly channels: number;
}

/** The platform's decoder takes no wider ones, in pixels. */
const widestCmyk = 16_384;

function readHeader(bytes: Uint8Array): JpegHeader | undefined {
  const frame = jpegSegments(bytes).find(isFrame);
  if (!frame || frame.start + 10 > bytes.length) return undefined;
  const view = viewOf(bytes);
  const [height, width] = [view.getUint16(frame.start + 5), view.getUint16(frame.start + 7)];
  return { height, width, channels: bytes[frame.start + 9]! };
}

/** Three channels and one: as Pillow decodes it. */
async function decodeExactly(bytes: Uint8Array): Promise<DecodedPixels> {
  const [{ default: decode, init }, { binary }] = await loadCodec(() =>
    Promise.all([import("@jsquash/jpeg/decode.js"), import("./jpeg_binary.js")])
  );
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
  endings: ["jpg", "jpeg"],
  matches: (bytes) => bytes[0] === 0xff && bytes[1] === 0xd8 && bytes[2] === 0xff,
  readHeader,
  async decode(bytes, { channels, width }) {
    const isCmyk = channels === 4;
    if (isCmyk && width > widestCmyk) {
      throw new ImageError(`a CMYK JPEG may be ${widestCmyk} pixels wide, not ${width}: save it as RGB`);
    }
    const intact = findIntactPart(bytes);
    const image = await (isCmyk ? decodeNatively(intact ?? bytes) : decodeExactly(intact ?? bytes));
    return intact
      ? { ...image, warnings: ["The photo is cut short: what is missing is grey or blurred"] }
      : image;
  },
};
