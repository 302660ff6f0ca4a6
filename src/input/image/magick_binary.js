// @ts-self-types="./binary.d.ts"
/**
 * ImageMagick's binary, as a module: no permission to read files is needed. It is JavaScript since Deno's type
 * checker does not know imports of source yet.
 *
 * @module
 */
import source binary from "npm:@imagemagick/magick-wasm@0.0.43/magick.wasm";

export { binary };
