import {
  ImageMagick,
  initializeImageMagick,
  MagickFormat,
  MagickReadSettings,
} from "@imagemagick/magick-wasm";
import type { RgbaImage } from "../src/input/image/types.ts";
import { binary } from "../src/input/image/magick_binary.js";

/** A picture as a JPEG: pictures for the documentation and the page, which are too large as PNG. */
export async function encodeJpeg(
  { data, height, width }: RgbaImage,
  quality: number,
): Promise<Uint8Array<ArrayBuffer>> {
  await initializeImageMagick(binary);
  const settings = new MagickReadSettings({ format: MagickFormat.Rgba, width, height });
  settings.depth = 8;
  return ImageMagick.read(new Uint8Array(data), settings, (image) => {
    image.quality = quality;
    return image.write(MagickFormat.Jpeg, (jpeg) => new Uint8Array(jpeg));
  });
}

/** Write a picture as a JPEG. */
export async function writeJpeg(path: URL, picture: RgbaImage, quality: number): Promise<void> {
  await Deno.writeFile(path, await encodeJpeg(picture, quality));
}
