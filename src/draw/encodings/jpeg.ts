import type { PictureEncoding } from "./encoding.ts";
import { encodeNatively } from "./native.ts";

/** JPEG, by the platform. */
export const jpegEncoding: PictureEncoding = {
  name: "jpeg",
  title: "JPEG",
  description: "what all programs read, a tenth of PNG's size",
  endings: [".jpg", ".jpeg"],
  mediaType: "image/jpeg",
  largestSide: 65_500, // what libjpeg reads, and so most programs
  isExact: false,
  async encode(image, quality) {
    const written = await encodeNatively(image, this.mediaType, quality);
    if (written) return written;
    const { encodeByMozjpeg } = await import("./mozjpeg.ts");
    return await encodeByMozjpeg(image, quality);
  },
};
