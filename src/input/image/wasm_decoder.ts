import { loadCodec } from "./codec.ts";
import { noteUnused } from "./collector.ts";

/** What every decoder has. */
export interface WasmExports {
  readonly memory: WebAssembly.Memory;
  malloc(bytes: number): number;
  free(at: number): void;
}

/**
 * A decoder in WebAssembly. Its memory grows with the photo and never shrinks, so that it is left to the collector as
 * soon as it rests; until that comes by, the next photo takes the same one. Two photos at once have one each, and so has
 * the next after one that has failed, which may have left it in any state.
 */
export class WasmDecoder<Exports extends WasmExports> {
  readonly #load: () => Promise<{ readonly binary: WebAssembly.Module }>;
  readonly #surroundings: WebAssembly.Imports;
  #resting: WeakRef<Exports> | undefined;

  /**
   * @param load Loads its binary.
   * @param surroundings What the binary asks of its surroundings.
   */
  constructor(
    load: () => Promise<{ readonly binary: WebAssembly.Module }>,
    surroundings: WebAssembly.Imports,
  ) {
    this.#load = load;
    this.#surroundings = surroundings;
  }

  /**
   * A decoder for one photo.
   *
   * @throws {ImageError} If it cannot be loaded.
   */
  async take(): Promise<Exports> {
    const { binary } = await loadCodec(this.#load);
    const rested = this.#resting?.deref();
    this.#resting = undefined;
    return rested ?? new WebAssembly.Instance(binary, this.#surroundings).exports as unknown as Exports;
  }

  /** Give a decoder back that is sound; none of its memory is looked at any more. */
  rest(decoder: Exports): void {
    this.#resting = new WeakRef(decoder);
    noteUnused(decoder.memory.buffer.byteLength);
  }
}

/** What a binary calls where it gives up. */
export function giveUp(): never {
  throw new Error("damaged beyond decoding");
}

/** Put a file into a decoder's memory; the caller frees it. */
export function putIn({ memory, malloc }: WasmExports, bytes: Uint8Array): number {
  const at = malloc(bytes.length);
  new Uint8Array(memory.buffer).set(bytes, at);
  return at;
}

/** Pixels in a decoder's memory, and how to give the decoder back. */
export interface Lent<Pixels> {
  readonly stored: Pixels;
  /** Give the decoder back: the pixels are not looked at any more. */
  release(): void;
}
