// @ts-self-types="./binary.d.ts"
/**
 * The WebP decoder's binary, as a module: no permission to read files is needed. It is JavaScript since Deno's type
 * checker does not know imports of source yet.
 *
 * @module
 */
import source binary from "npm:@cwasm/webp@0.1.5/webp.wasm";

export { binary };
