import { ImageError } from "../../base/errors.ts";
import { viewOf } from "./bytes.ts";
import type { ImageFormat, ImageHeader } from "./format.ts";
import { type JpegEnd, scansAllowed, surveyJpeg, withEnd } from "./jpeg_segments.ts";
import { complaintsOfMagick } from "./magick.ts";
import { decodeNatively } from "./native.ts";
import { readOrientation } from "./orientation.ts";
import { type PictureRows, readStored } from "./rows.ts";
import { decodeByTurbo } from "./turbo.ts";
import type { RgbaImage } from "./types.ts";

/** What a JPEG's segments say. */
interface JpegHeader extends ImageHeader {
  /** 1 for grey, 3 for colour, 4 for CMYK. */
  readonly channels: number;
  /** How the camera was held, 1 to 8. */
  readonly orientation: number;
  readonly scanCount: number;
  readonly end: JpegEnd;
}

/** The platform's decoder takes no wider ones, in pixels. */
const widestCmyk = 16_384;

function readHeader(bytes: Uint8Array): JpegHeader | undefined {
  const { frame, exif, end, scanCount } = surveyJpeg(bytes);
  if (!frame || frame.start + 10 > bytes.length) return undefined;
  const view = viewOf(bytes);
  const [height, width] = [view.getUint16(frame.start + 5), view.getUint16(frame.start + 7)];
  const orientation = exif ? readOrientation(bytes.subarray(exif.start + 4, exif.end)) : 1;
  return { height, width, channels: bytes[frame.start + 9]!, orientation, scanCount, end };
}

/** What the decoders say where pixels are missing or wrong; they stand it, and fill in grey. */
const damage = /premature end|bad Huffman|instead of RST/i;

/** What is said of a file that ends before its pixels do. */
const cutShort = "the JPEG file is cut short: get it again";

/** Whether all of a picture's pixels are what the file meant, by another decoder, which says what it finds. */
async function isDamaged(bytes: Uint8Array): Promise<boolean> {
  return (await complaintsOfMagick(bytes, "JPEG")).some((line) => damage.test(line));
}

/** What is decoded, and whether it is damaged. */
interface Decoded {
  readonly image: RgbaImage | PictureRows;
  readonly isDamaged: boolean;
}

/** Three channels and one: as Pillow decodes it. Most of what its decoder complains of does no harm. */
async function decodeExactly(bytes: Uint8Array, header: JpegHeader): Promise<Decoded> {
  const { height, width, channels, orientation } = header;
  if (channels !== 1 && channels !== 3) throw new Error(`${channels} channels`);
  const { stored, hasComplaints, release } = await decodeByTurbo(bytes, { height, width, channels });
  return {
    image: readStored(stored, orientation, release),
    isDamaged: hasComplaints && await isDamaged(bytes),
  };
}

/** CMYK: by the platform, which says nothing of damage. */
async function decodeCmyk(bytes: Uint8Array, { width, end }: JpegHeader): Promise<Decoded> {
  if (width > widestCmyk) {
    throw new ImageError(`a CMYK JPEG may be ${widestCmyk} pixels wide, not ${width}: save it as RGB`);
  }
  return {
    isDamaged: end !== "marked" && await isDamaged(bytes),
    image: await decodeNatively(bytes),
  };
}

/** @throws {ImageError} If a file has more scans than its pixels deserve. */
function checkScans(header: JpegHeader): void {
  const allowed = scansAllowed(header);
  if (header.scanCount <= allowed) return;
  throw new ImageError(
    `the JPEG file has ${header.scanCount} scans: at most ${allowed} are decoded of its size, save it again`,
  );
}

/** JPEG, exactly as Pillow decodes it; CMYK by the platform. */
export const jpegFormat: ImageFormat<JpegHeader> = {
  name: "jpeg",
  title: "JPEG",
  endings: ["jpg", "jpeg"],
  matches: (bytes) => bytes[0] === 0xff && bytes[1] === 0xd8 && bytes[2] === 0xff,
  readHeader,
  async decode(bytes, header) {
    const { end, channels } = header;
    checkScans(header);
    if (end === "cut") throw new ImageError(cutShort);
    const whole = end === "marked" ? bytes : withEnd(bytes);
    const { isDamaged, image } = await (channels === 4 ? decodeCmyk : decodeExactly)(whole, header);
    if (isDamaged && end === "unmarked") throw new ImageError(cutShort);
    return isDamaged
      ? { ...image, warnings: ["The photo is damaged: parts of it may be grey or wrong"] }
      : image;
  },
};
