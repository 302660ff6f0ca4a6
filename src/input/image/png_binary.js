// @ts-self-types="./binary.d.ts"
/**
 * The PNG encoder's binary, as a module: no permission to read files is needed. It is JavaScript since Deno's
 * type checker does not know imports of source yet.
 *
 * @module
 */
import source binary from "npm:@jsquash/png@3.1.1/codec/pkg/squoosh_png_bg.wasm";

export { binary };
