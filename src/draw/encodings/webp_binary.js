// @ts-self-types="../../input/image/binary.d.ts"
/**
 * The WebP encoder's binary, as a module: no permission to read files is needed. It is JavaScript since Deno's
 * type checker does not know imports of source yet.
 *
 * @module
 */
import source binary from "npm:@jsquash/webp@1.5.0/codec/enc/webp_enc_simd.wasm";

export { binary };
