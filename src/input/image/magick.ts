import { loadCodec } from "./codec.ts";
import { type PictureRows, rowsAtOnce } from "./rows.ts";

type IMagickImage = import("npm:@imagemagick/magick-wasm@0.0.43").IMagickImage;

let magick: Promise<typeof import("npm:@imagemagick/magick-wasm@0.0.43")> | undefined;

/** ImageMagick is large: it is loaded when the first file that needs it is met. */
async function load(): Promise<typeof import("npm:@imagemagick/magick-wasm@0.0.43")> {
  const [module, { binary }] = await loadCodec(() =>
    Promise.all([import("npm:@imagemagick/magick-wasm@0.0.43"), import("./magick_binary.js")])
  );
  await module.initializeImageMagick(binary);
  return module;
}

function loadOnce(): Promise<typeof import("npm:@imagemagick/magick-wasm@0.0.43")> {
  return magick ??= load().catch((error) => {
    magick = undefined; // it may be had the next time
    throw error;
  });
}

/** Formats that ImageMagick reads for us, as it names them. */
type MagickFormatName = "TIFF" | "AVIF" | "JPEG";

async function readSettings(format: MagickFormatName) {
  const { MagickFormat, MagickReadSettings } = await loadOnce();
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
  const { ColorSpace, MagickImage } = await loadOnce();
  const image = MagickImage.create();
  try {
    image.read(bytes, await readSettings(format));
    image.autoOrient();
    if (image.colorSpace !== ColorSpace.sRGB) image.colorSpace = ColorSpace.sRGB;
    const { height, width } = image;
    if (height * width !== header.height * header.width) throw new Error("another size than the header says");
    return { height, width, rows: () => readRows(image) };
  } catch (error) {
    image.dispose();
    throw error;
  }
}

/** The rows of a picture that ImageMagick holds, which goes when they have been read. */
function* readRows(image: IMagickImage): Generator<Uint8ClampedArray> {
  const { height, width } = image;
  const step = rowsAtOnce(image);
  try {
    for (let first = 0; first < height; first += step) {
      const count = Math.min(step, height - first);
      const rows = image.getPixels((pixels) => pixels.toByteArray(0, first, width, count, "RGBA"));
      if (rows === null) throw new Error("no pixels");
      yield new Uint8ClampedArray(rows.buffer, rows.byteOffset, rows.length);
    }
  } finally {
    image.dispose();
  }
}

/**
 * What ImageMagick says of a file that it can read in spite of it.
 *
 * @param bytes A file whose size was looked at before.
 * @param format Its format, as ImageMagick names it.
 */
export async function complaintsOfMagick(bytes: Uint8Array, format: MagickFormatName): Promise<string[]> {
  const { MagickImage } = await loadOnce();
  const complaints: string[] = [];
  const image = MagickImage.create();
  try {
    image.onWarning = ({ error }) => void complaints.push(error.message);
    image.read(bytes, await readSettings(format));
    return complaints;
  } finally {
    image.dispose();
  }
}
