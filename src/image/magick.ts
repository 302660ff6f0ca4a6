import { loadCodec } from "./codec.ts";
import type { RgbaImage } from "./types.ts";

let magick: Promise<typeof import("@imagemagick/magick-wasm")> | undefined;

/** ImageMagick is large: it is loaded when the first file that needs it is met. */
async function load(): Promise<typeof import("@imagemagick/magick-wasm")> {
  const [module, { binary }] = await loadCodec(() =>
    Promise.all([import("@imagemagick/magick-wasm"), import("./magick_binary.js")])
  );
  await module.initializeImageMagick(binary);
  return module;
}

/**
 * Decode by ImageMagick: upright, in sRGB, the first page or frame.
 *
 * @param bytes A file whose size was looked at before.
 * @param format Its format, as ImageMagick names it.
 */
export async function decodeByMagick(bytes: Uint8Array, format: "TIFF" | "AVIF"): Promise<RgbaImage> {
  magick ??= load().catch((error) => {
    magick = undefined; // it may be had the next time
    throw error;
  });
  const { ColorSpace, ImageMagick, MagickFormat, MagickReadSettings } = await magick;
  const settings = new MagickReadSettings({
    format: format === "TIFF" ? MagickFormat.Tiff : MagickFormat.Avif,
    frameIndex: 0, // no other is decoded
    frameCount: 1,
  });
  return ImageMagick.read(bytes, settings, (image) => {
    image.autoOrient();
    if (image.colorSpace !== ColorSpace.sRGB) image.colorSpace = ColorSpace.sRGB;
    const { height, width } = image;
    image.depth = 8;
    return image.write(MagickFormat.Rgba, (data) => ({ data: Uint8ClampedArray.from(data), height, width }));
  });
}
