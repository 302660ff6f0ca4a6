import { loadCodec } from "./codec.ts";
import type { StoredPixels } from "./orientation.ts";

/** The functions of libjpeg-turbo's TurboJPEG that are used, and the memory that they work in. */
interface Turbo {
  readonly memory: WebAssembly.Memory;
  malloc(bytes: number): number;
  tjInitDecompress(): number;
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

/** What the binary asks of its surroundings. It is never left by a long jump but to say that it has failed. */
const surroundings = {
  env: {
    setjmp: () => 0,
    longjmp() {
      throw new Error("damaged beyond decoding");
    },
  },
  wasi_snapshot_preview1: {
    environ_sizes_get: () => 0,
    environ_get: () => 0,
    fd_close: () => 0,
    fd_seek: () => 0,
    fd_write: () => 0,
    proc_exit() {
      throw new Error("damaged beyond decoding");
    },
  },
};

/** A decoded JPEG, as it is stored. Its pixels lie in the decoder's own memory, which goes when they do. */
export interface TurboJpeg extends StoredPixels {
  /** Whether the decoder complained, of something or other. */
  readonly hasComplaints: boolean;
}

/**
 * Decode a JPEG of three channels or one, as Pillow does it. Each file gets a decoder of its own: the memory of one grows
 * with the photo, and never shrinks.
 *
 * @param file A file whose size and scans were looked at before.
 * @param header What its header says.
 * @throws {ImageError} If the decoder cannot be loaded; anything else means that the file is damaged.
 */
export async function decodeByTurbo(
  file: Uint8Array,
  { height, width, channels }: { readonly height: number; readonly width: number; readonly channels: 1 | 3 },
): Promise<TurboJpeg> {
  const { binary } = await loadCodec(() => import("./jpeg_binary.js"));
  const turbo = new WebAssembly.Instance(binary, surroundings).exports as unknown as Turbo;
  const at = turbo.malloc(file.length);
  const said = turbo.malloc(16);
  new Uint8Array(turbo.memory.buffer).set(file, at);
  const decoder = turbo.tjInitDecompress();
  // Of unusual subsampling it says that it has no name for it, after width and height.
  turbo.tjDecompressHeader3(decoder, at, file.length, said, said + 4, said + 8, said + 12);
  const [foundWidth, foundHeight] = new Uint32Array(turbo.memory.buffer, said, 2);
  if (foundWidth !== width || foundHeight !== height) throw new Error("another size than the header says");
  const length = height * width * channels;
  const pixels = turbo.malloc(length);
  if (pixels === 0) throw new Error("no memory");
  const pitch = width * channels;
  const status = turbo.tjDecompress2(
    decoder,
    at,
    file.length,
    pixels,
    width,
    pitch,
    height,
    formats[channels],
    0,
  );
  const data = new Uint8ClampedArray(turbo.memory.buffer, pixels, length);
  return { data, channels, height, width, hasComplaints: status !== 0 };
}
