import { loadCodec } from "./codec.ts";
import type { RgbaImage } from "./types.ts";

/** The decoder, and what it says while it decodes. */
interface Decoder {
  decode(bytes: Uint8Array): RgbaImage | undefined;
  readonly complaints: string[];
}

/** A decoded JPEG. */
export interface DecodedJpeg extends RgbaImage {
  /** What the decoder found to be wrong; it names the first thing alone. */
  readonly complaints: readonly string[];
}

/** The decoder that runs, unless it has failed. */
let running: Promise<Decoder> | undefined;

async function start(): Promise<Decoder> {
  const [{ default: create }, { binary }] = await loadCodec(() =>
    Promise.all([import("npm:@jsquash/jpeg@1.6.0/codec/dec/mozjpeg_dec.js"), import("./jpeg_binary.js")])
  );
  const complaints: string[] = [];
  const { decode } = await create({
    noInitialRun: true,
    print: () => {},
    printErr: (line: string) => void complaints.push(line),
    instantiateWasm(imports: WebAssembly.Imports, done: (instance: WebAssembly.Instance) => void) {
      const instance = new WebAssembly.Instance(binary, imports);
      done(instance);
      return instance.exports;
    },
  });
  return {
    complaints,
    decode: (bytes) => decode(bytes.slice().buffer, true) as unknown as RgbaImage | undefined,
  };
}

/**
 * Decode a JPEG of three channels or one, as Pillow does it: upright.
 *
 * @param bytes A file whose size was looked at before.
 * @throws {ImageError} If the decoder cannot be loaded; anything else means that the file is damaged.
 */
export async function decodeByMozjpeg(bytes: Uint8Array): Promise<DecodedJpeg> {
  const decoder = await (running ??= start().catch((error) => {
    running = undefined; // it may be had the next time
    throw error;
  }));
  // From here on nothing waits, so that what it says is of this file.
  decoder.complaints.length = 0;
  try {
    const image = decoder.decode(bytes);
    if (!image) throw new Error("no picture");
    const { data, height, width } = image;
    return { data, height, width, complaints: [...decoder.complaints] };
  } catch (error) {
    running = undefined; // each failure costs it memory: the next file gets a new instance
    throw error;
  }
}
