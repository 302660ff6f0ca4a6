import type { PictureEncoding } from "./encoding.ts";
import { startEncoder } from "./wasm_encoder.ts";

/** How much is tried to make files small, from 0 to 6: more than this takes longer than it is worth. */
const effort = 2;

/** WebP, by libwebp: Deno itself writes none. */
export const webpEncoding: PictureEncoding = {
  name: "webp",
  title: "WebP",
  description: "what browsers read, smaller than JPEG",
  endings: [".webp"],
  mediaType: "image/webp",
  largestSide: 2 ** 14 - 1,
  isExact: false,
  async encode({ data, height, width }, quality) {
    const [{ default: create }, { binary }, { defaultOptions }] = await Promise.all([
      import("npm:@jsquash/webp@1.5.0/codec/enc/webp_enc_simd.js"),
      import("./webp_binary.js"),
      import("npm:@jsquash/webp@1.5.0/meta.js"),
    ]);
    const encoder = await startEncoder(create, binary);
    const written = encoder.encode(data, width, height, { ...defaultOptions, quality, method: effort });
    if (!written) throw new Error(`no WebP of ${width} × ${height} pixels`);
    return written.slice(); // the memory of the encoder is given back
  },
};
