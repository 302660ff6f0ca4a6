// @ts-self-types="../../input/image/binary.d.ts"
/**
 * The JPEG encoder's binary, as a module: no permission to read files is needed. It is JavaScript since Deno's
 * type checker does not know imports of source yet.
 *
 * @module
 */
import source binary from "npm:@jsquash/jpeg@1.6.0/codec/enc/mozjpeg_enc.wasm";

export { binary };
