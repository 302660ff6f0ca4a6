import type { StoredPixels } from "./orientation.ts";
import { giveUp, type Lent, putIn, WasmDecoder, type WasmExports } from "./wasm_decoder.ts";

/** The functions of libjpeg-turbo's TurboJPEG that are used. */
interface Turbo extends WasmExports {
  tjInitDecompress(): number;
  tjDestroy(decoder: number): number;
  tjDecompressHeader3(
    decoder: number,
    file: number,
    length: number,
    width: number,
    height: number,
    subsampling: number,
    colors: number,
  ): number;
  tjDecompress2(
    decoder: number,
    file: number,
    length: number,
    pixels: number,
    width: number,
    pitch: number,
    height: number,
    format: number,
    flags: number,
  ): number;
}

/** How pixels are laid out, as TurboJPEG numbers it, by their channels. */
const formats = { 1: 6, 3: 0 };

/** The decoder. It is never left by a long jump but to say that it has failed. */
const decoders = new WasmDecoder<Turbo>(() => import("./jpeg_binary.js"), {
  env: { setjmp: () => 0, longjmp: giveUp },
  wasi_snapshot_preview1: {
    environ_sizes_get: () => 0,
    environ_get: () => 0,
    fd_close: () => 0,
    fd_seek: () => 0,
    fd_write: () => 0,
    proc_exit: giveUp,
  },
});

/** A decoded JPEG, as it is stored. */
export interface TurboJpeg extends Lent<StoredPixels> {
  /** Whether the decoder complained, of something or other. */
  readonly hasComplaints: boolean;
}

/**
 * Decode a JPEG of three channels or one, as Pillow does it.
 *
 * @param file A file whose size and scans were looked at before.
 * @param header What its header says.
 * @throws {ImageError} If the decoder cannot be loaded; anything else means that the file is damaged.
 */
export async function decodeByTurbo(
  file: Uint8Array,
  { height, width, channels }: { readonly height: number; readonly width: number; readonly channels: 1 | 3 },
): Promise<TurboJpeg> {
  const turbo = await decoders.take();
  const at = putIn(turbo, file);
  const said = turbo.malloc(16);
  const decoder = turbo.tjInitDecompress();
  // Of unusual subsampling it says that it has no name for it, after width and height.
  turbo.tjDecompressHeader3(decoder, at, file.length, said, said + 4, said + 8, said + 12);
  const [foundWidth, foundHeight] = new Uint32Array(turbo.memory.buffer, said, 2);
  if (foundWidth !== width || foundHeight !== height) throw new Error("another size than the header says");
  const pitch = width * channels;
  const pixels = turbo.malloc(height * pitch);
  if (pixels === 0) throw new Error("no memory");
  const format = formats[channels];
  const status = turbo.tjDecompress2(decoder, at, file.length, pixels, width, pitch, height, format, 0);
  turbo.tjDestroy(decoder);
  turbo.free(said);
  turbo.free(at);
  return {
    stored: {
      data: new Uint8ClampedArray(turbo.memory.buffer, pixels, height * pitch),
      channels,
      height,
      width,
    },
    hasComplaints: status !== 0,
    release() {
      turbo.free(pixels);
      decoders.rest(turbo);
    },
  };
}
