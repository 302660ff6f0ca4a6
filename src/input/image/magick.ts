import { loadCodec } from "./codec.ts";
import type { RgbaImage } from "./types.ts";

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
 */
export async function decodeByMagick(bytes: Uint8Array, format: MagickFormatName): Promise<RgbaImage> {
  const { ColorSpace, ImageMagick, MagickFormat } = await loadOnce();
  return ImageMagick.read(bytes, await readSettings(format), (image) => {
    image.autoOrient();
    if (image.colorSpace !== ColorSpace.sRGB) image.colorSpace = ColorSpace.sRGB;
    const { height, width } = image;
    image.depth = 8;
    return image.write(MagickFormat.Rgba, (data) => ({ data: Uint8ClampedArray.from(data), height, width }));
  });
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
