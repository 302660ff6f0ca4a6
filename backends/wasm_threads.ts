/**
 * TensorFlow.js's WebAssembly module on a memory that threads can share, in Deno too, which its glue takes for Node: it is
 * run with substitutes for what it asks the platform for. Its own threads are not started: ours compute what takes long.
 *
 * @module
 */
import glueFactory from "npm:@tensorflow/tfjs-backend-wasm@4.22.0/wasm-out/tfjs-backend-wasm-threaded-simd.js";
import { type Glue, type Instance, optionsFor } from "./wasm_instance.ts";

/** What is put in other words in the glue, which starts workers, whatever is needed, and waits for the last of them. */
const replacements: readonly (readonly [RegExp, string])[] = [
  [/pthreadPoolSize=8\b/, "pthreadPoolSize=0"],
  [/var numWorkersToLoad=[^;]+;/, 'removeRunDependency("wasm-instantiate");var numWorkersToLoad=0;'],
];

/** Pages of 64 KiB: those that the module asks for, and as many as an address can tell. */
const pages = { initial: 256, maximum: 65536 } as const;

/** The glue's source as the body of a function that returns it, with no workers. */
function glueSource(): string {
  let source = String(glueFactory);
  for (const [before, after] of replacements) {
    if (!before.test(source)) {
      throw new Error("the glue of TensorFlow.js's WebAssembly module is of another kind");
    }
    source = source.replace(before, after);
  }
  return `return ${source}`;
}

/** An instance, and the memory that it shares with whoever is given it. */
export interface SharedInstance {
  readonly instance: Instance;
  readonly memory: WebAssembly.Memory;
}

/**
 * An instance on a memory that threads can share.
 *
 * @throws If this platform has no shared memory.
 */
export async function instantiateShared(): Promise<SharedInstance> {
  const { binary } = await import("./wasm_threaded_binary.js");
  const memory = new WebAssembly.Memory({ ...pages, shared: true });
  const names = ["process", "importScripts", "self", "navigator", "document", "_scriptDir"];
  const instantiate: Glue = new Function(...names, glueSource())(
    undefined, // no Node here
    () => {}, // but a worker
    { location: { href: import.meta.url } },
    { hardwareConcurrency: 1 },
    undefined,
    "",
  );
  const instance = await new Promise<Instance>((resolve, reject) => {
    instantiate({ ...optionsFor(binary, reject), wasmMemory: memory, mainScriptUrlOrBlob: "glue" })
      .then(resolve, reject);
  });
  return { instance, memory };
}
