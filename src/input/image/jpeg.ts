import { ImageError } from "../../base/errors.ts";
import { viewOf } from "./bytes.ts";
import type { ImageFormat, ImageHeader } from "./format.ts";
import { findEnd, isFrame, type JpegEnd, jpegSegments, withEnd } from "./jpeg_segments.ts";
import { complaintsOfMagick } from "./magick.ts";
import { decodeByMozjpeg } from "./mozjpeg.ts";
import { decodeNatively } from "./native.ts";
import type { RgbaImage } from "./types.ts";

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

/** What the decoders say where pixels are missing or wrong; they stand it, and fill in grey. */
const damage = /premature end|bad Huffman|instead of RST/i;

/** What is said of a file that ends before its pixels do. */
const cutShort = "the JPEG file is cut short: get it again";

/** A decoded JPEG, and whether all of its pixels are what the file meant. */
interface Decoded extends RgbaImage {
  readonly isDamaged: boolean;
}

/** Three channels and one: as Pillow decodes it. */
async function decodeExactly(bytes: Uint8Array): Promise<Decoded> {
  const { complaints, ...image } = await decodeByMozjpeg(bytes);
  return { ...image, isDamaged: complaints.some((line) => damage.test(line)) };
}

/** CMYK: by the platform, which says nothing of damage; another decoder is asked where it matters. */
async function decodeCmyk(bytes: Uint8Array, end: JpegEnd): Promise<Decoded> {
  const isDamaged = end !== "marked" &&
    (await complaintsOfMagick(bytes, "JPEG")).some((line) => damage.test(line));
  return { ...await decodeNatively(bytes), isDamaged };
}

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
    const end = findEnd(bytes);
    if (end === "cut") throw new ImageError(cutShort);
    const whole = end === "marked" ? bytes : withEnd(bytes);
    const { isDamaged, ...image } = await (isCmyk ? decodeCmyk(whole, end) : decodeExactly(whole));
    if (isDamaged && end === "unmarked") throw new ImageError(cutShort);
    return isDamaged
      ? { ...image, warnings: ["The photo is damaged: parts of it may be grey or wrong"] }
      : image;
  },
};
