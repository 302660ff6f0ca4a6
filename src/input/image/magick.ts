import { collectUnused, noteUnused } from "./collector.ts";
import { giveMagickBack, type Magick, takeMagick } from "./magick_instance.ts";
import { type PictureRows, rowsAtOnce } from "./rows.ts";

type IMagickImage = import("npm:@imagemagick/magick-wasm@0.0.43").IMagickImage;

/** Formats that ImageMagick reads for us, as it names them. */
type MagickFormatName = "TIFF" | "AVIF" | "JPEG";

function readSettings({ MagickFormat, MagickReadSettings }: Magick, format: MagickFormatName) {
  return new MagickReadSettings({
    format: { TIFF: MagickFormat.Tiff, AVIF: MagickFormat.Avif, JPEG: MagickFormat.Jpeg }[format],
    frameIndex: 0, // no other is decoded
    frameCount: 1,
  });
}

/**
 * Decode by ImageMagick: upright, in sRGB, the first page or frame.
 *
 * @param bytes A file whose size was looked at before.
 * @param format Its format, as ImageMagick names it.
 * @param header What its header says.
 */
export async function decodeByMagick(
  bytes: Uint8Array,
  format: MagickFormatName,
  header: { readonly height: number; readonly width: number },
): Promise<PictureRows> {
  const magick = await takeMagick();
  const { ColorSpace, MagickImage } = magick;
  const image = MagickImage.create();
  const release = () => {
    image.dispose();
    giveMagickBack(magick);
  };
  try {
    image.read(bytes, readSettings(magick, format));
    image.autoOrient();
    if (image.colorSpace !== ColorSpace.sRGB) image.colorSpace = ColorSpace.sRGB;
    const { height, width } = image;
    if (height * width !== header.height * header.width) throw new Error("another size than the header says");
    return { height, width, rows: () => readRows(image, release) };
  } catch (error) {
    release();
    throw error;
  }
}

/** The rows of a picture that ImageMagick holds, which goes when they have been read. */
async function* readRows(image: IMagickImage, release: () => void): AsyncGenerator<Uint8ClampedArray> {
  const { height, width } = image;
  const step = rowsAtOnce(image);
  try {
    for (let first = 0; first < height; first += step) {
      const count = Math.min(step, height - first);
      const rows = image.getPixels((pixels) => pixels.toByteArray(0, first, width, count, "RGBA"));
      if (rows === null) throw new Error("no pixels");
      yield new Uint8ClampedArray(rows.buffer, rows.byteOffset, rows.length);
      noteUnused(rows.length);
      await collectUnused();
    }
  } finally {
    release();
  }
}

/**
 * What ImageMagick says of a file that it can read in spite of it.
 *
 * @param bytes A file whose size was looked at before.
 * @param format Its format, as ImageMagick names it.
 */
export async function complaintsOfMagick(bytes: Uint8Array, format: MagickFormatName): Promise<string[]> {
  const magick = await takeMagick();
  const complaints: string[] = [];
  const image = magick.MagickImage.create();
  try {
    image.onWarning = ({ error }) => void complaints.push(error.message);
    image.read(bytes, readSettings(magick, format));
    return complaints;
  } finally {
    image.dispose();
    giveMagickBack(magick);
  }
}
