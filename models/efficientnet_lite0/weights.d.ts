/** Weights files, by their names: each a module whose section "tfweights" holds the bytes. */
export const shards: Readonly<Record<string, WebAssembly.Module>>;
