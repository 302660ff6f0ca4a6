import type { StoredPixels } from "./orientation.ts";
import { giveUp, type Lent, putIn, WasmDecoder, type WasmExports } from "./wasm_decoder.ts";

/** The function of libwebp that is used. */
interface LibWebp extends WasmExports {
  WebPDecodeRGBA(file: number, length: number, width: number, height: number): number;
}

const decoders = new WasmDecoder<LibWebp>(() => import("./webp_binary.js"), {
  wasi_snapshot_preview1: { fd_close: giveUp, fd_seek: giveUp, fd_write: giveUp },
});

/**
 * Decode a WebP that is not animated, as Pillow does it.
 *
 * @param file A file whose size was looked at before.
 * @returns Its pixels as they are stored.
 * @throws {ImageError} If the decoder cannot be loaded; anything else means that the file is damaged.
 */
export async function decodeByLibwebp(file: Uint8Array): Promise<Lent<StoredPixels>> {
  const webp = await decoders.take();
  const at = putIn(webp, file);
  const said = webp.malloc(8);
  const pixels = webp.WebPDecodeRGBA(at, file.length, said, said + 4);
  const [width = 0, height = 0] = new Uint32Array(webp.memory.buffer, said, 2);
  webp.free(said);
  webp.free(at);
  if (pixels === 0) throw new Error("no picture");
  const data = new Uint8ClampedArray(webp.memory.buffer, pixels, height * width * 4);
  return {
    stored: { data, channels: 4, height, width },
    release() {
      webp.free(pixels);
      decoders.rest(webp);
    },
  };
}
