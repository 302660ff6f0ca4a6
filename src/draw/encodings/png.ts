import { encodePng } from "../../input/image/encode_png.ts";
import type { PictureEncoding } from "./encoding.ts";
import { encodeNatively } from "./native.ts";

/**
 * From how many pixels on the platform writes a picture. It takes two to three times as long, but gives back the memory that
 * it used, as the encoder in WebAssembly never does: of 25 million pixels that would keep 300 MB.
 */
const large = 2 ** 22;

/** PNG, which keeps every pixel as it is. */
export const pngEncoding: PictureEncoding = {
  name: "png",
  title: "PNG",
  description: "every pixel as it is, in large files",
  endings: [".png"],
  mediaType: "image/png",
  largestSide: 2 ** 31 - 1,
  isExact: true,
  async encode(image) {
    const isLarge = image.height * image.width >= large;
    return (isLarge ? await encodeNatively(image, this.mediaType) : undefined) ?? await encodePng(image);
  },
};
