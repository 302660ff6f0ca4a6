import {
  ImageMagick,
  initializeImageMagick,
  MagickFormat,
  MagickReadSettings,
} from "@imagemagick/magick-wasm";
import type { RgbaImage } from "../src/input/image/types.ts";
import { binary } from "../src/input/image/magick_binary.js";

/** Write a picture as a JPEG: pictures for the documentation, which are too large as PNG. */
export async function writeJpeg(
  path: URL,
  { data, height, width }: RgbaImage,
  quality: number,
): Promise<void> {
  await initializeImageMagick(binary);
  const settings = new MagickReadSettings({ format: MagickFormat.Rgba, width, height });
  settings.depth = 8;
  const bytes = ImageMagick.read(new Uint8Array(data), settings, (image) => {
    image.quality = quality;
    return image.write(MagickFormat.Jpeg, (jpeg) => jpeg.slice());
  });
  await Deno.writeFile(path, bytes);
}
