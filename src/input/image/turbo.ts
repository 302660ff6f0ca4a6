import { loadCodec } from "./codec.ts";
import { noteUnused } from "./collector.ts";
import type { StoredPixels } from "./orientation.ts";

/** The functions of libjpeg-turbo's TurboJPEG that are used, and the memory that they work in. */
interface Turbo {
  readonly memory: WebAssembly.Memory;
  malloc(bytes: number): number;
  free(at: number): void;
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

/** A decoded JPEG, as it is stored. */
export interface TurboJpeg {
  /** Its pixels, which lie in the decoder's own memory. */
  readonly stored: StoredPixels;
  /** Whether the decoder complained, of something or other. */
  readonly hasComplaints: boolean;
  /** Give the decoder back: the pixels are not looked at any more. */
  release(): void;
}

/**
 * The decoder that was last used, while it is there. The memory of one grows with the photo and never shrinks, so that it
 * is left to the collector; until that comes by, the next photo takes the same one.
 */
let resting: WeakRef<Turbo> | undefined;

async function takeDecoder(): Promise<Turbo> {
  const { binary } = await loadCodec(() => import("./jpeg_binary.js"));
  const rested = resting?.deref();
  resting = undefined; // two photos at once have one each
  return rested ?? new WebAssembly.Instance(binary, surroundings).exports as unknown as Turbo;
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
  const turbo = await takeDecoder();
  const at = turbo.malloc(file.length);
  const said = turbo.malloc(16);
  new Uint8Array(turbo.memory.buffer).set(file, at);
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
  const data = new Uint8ClampedArray(turbo.memory.buffer, pixels, height * pitch);
  return {
    stored: { data, channels, height, width },
    hasComplaints: status !== 0,
    release() {
      turbo.free(pixels);
      resting = new WeakRef(turbo);
      noteUnused(turbo.memory);
    },
  };
}
