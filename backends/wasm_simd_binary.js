// @ts-self-types="./wasm_binary.d.ts"
/**
 * The binary for one thread, as a module: compiled when this file is imported, with no permission to read files.
 * It is JavaScript since Deno's type checker does not know imports of source yet.
 *
 * @module
 */
import source binary from "npm:@tensorflow/tfjs-backend-wasm@4.22.0/wasm-out/tfjs-backend-wasm-simd.wasm";

export { binary };
