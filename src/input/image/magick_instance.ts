import { loadCodec } from "./codec.ts";
import { collectUnused, noteUnused } from "./collector.ts";

/** ImageMagick's package. */
export type Magick = typeof import("npm:@imagemagick/magick-wasm@0.0.43");

/** What it has of its one instance in WebAssembly. Set to nothing, it lets go of that, and can be initialised again. */
interface Running {
  _api: { readonly HEAPU8: Uint8Array } | undefined;
}

/** The most memory that is kept for the next picture, in bytes; it begins with 16 million. */
const mostKept = 2 ** 25;

let magick: Promise<Magick> | undefined;

/** How many pictures it holds for us. */
let held = 0;

/** Whether it ran before, for somebody else, whose pictures it may hold. */
let isShared = false;

function isRunning({ ImageMagick }: Magick): boolean {
  try {
    return (ImageMagick as unknown as Running)._api !== undefined;
  } catch { // what it throws while there is none
    return false;
  }
}

/** ImageMagick is large: it is loaded when the first file that needs it is met. */
async function load(): Promise<Magick> {
  const [module, { binary }] = await loadCodec(() =>
    Promise.all([import("npm:@imagemagick/magick-wasm@0.0.43"), import("./magick_binary.js")])
  );
  isShared = isRunning(module);
  await module.initializeImageMagick(binary);
  return module;
}

/**
 * ImageMagick, for one picture.
 *
 * @throws {ImageError} If it cannot be loaded.
 */
export async function takeMagick(): Promise<Magick> {
  held++;
  try {
    if (!magick) await collectUnused(); // the one before may still lie in memory
    return await (magick ??= load());
  } catch (error) {
    held--;
    magick = undefined; // it may be had the next time
    throw error;
  }
}

/**
 * Give it back when the picture has been disposed. Its memory never shrinks, so that after a large one it is left to the
 * collector; the next picture waits 30 ms for a new one.
 */
export function giveMagickBack(module: Magick): void {
  held--;
  if (held > 0 || isShared || !isRunning(module)) return;
  const running = module.ImageMagick as unknown as Running;
  const { length } = running._api!.HEAPU8;
  if (length <= mostKept) return;
  noteUnused(length);
  running._api = undefined;
  magick = undefined;
}
