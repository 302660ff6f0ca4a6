/** A compiled WebAssembly module. */
export const binary: WebAssembly.Module;
