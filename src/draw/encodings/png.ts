import { packPng } from "../../input/image/encode_png.ts";
import type { PictureEncoding } from "./encoding.ts";

/** PNG, which keeps every pixel as it is. */
export const pngEncoding: PictureEncoding = {
  name: "png",
  title: "PNG",
  description: "every pixel as it is, in large files",
  endings: [".png"],
  mediaType: "image/png",
  largestSide: 2 ** 31 - 1,
  isExact: true,
  encode: (image) => Promise.resolve(packPng(image, 3)),
};
