// @ts-self-types="./weights.d.ts"
/**
 * The embedded model's weights files, as modules: no permission to read files is needed, and no network once they are
 * cached. It is JavaScript since Deno's type checker does not know imports of source yet.
 *
 * @module
 */
import source shard1 from "./group1-shard1of3.wasm";
import source shard2 from "./group1-shard2of3.wasm";
import source shard3 from "./group1-shard3of3.wasm";

/** Weights files, by their names. */
export const shards = {
  "group1-shard1of3.wasm": shard1,
  "group1-shard2of3.wasm": shard2,
  "group1-shard3of3.wasm": shard3,
};
