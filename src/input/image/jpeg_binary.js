// @ts-self-types="./binary.d.ts"
/**
 * The JPEG decoder's binary, as a module: no permission to read files is needed. It is JavaScript since Deno's
 * type checker does not know imports of source yet.
 *
 * @module
 */
import source binary from "npm:@cwasm/jpeg-turbo@0.1.3/jpeg-turbo.wasm";

export { binary };
