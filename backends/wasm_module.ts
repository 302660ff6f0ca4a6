import type { BackendWasm } from "npm:@tensorflow/tfjs-backend-wasm@4.22.0";
import oneThreadGlue from "npm:@tensorflow/tfjs-backend-wasm@4.22.0/wasm-out/tfjs-backend-wasm.js";
import { type Glue, type Instance, optionsFor, type StartedInstance } from "./wasm_instance.ts";
import { instantiateThreaded } from "./wasm_threads.ts";

/** What TensorFlow.js's backend class takes: an instance, with its functions gathered under `tfjs`. */
export type WasmModule = ConstructorParameters<typeof BackendWasm>[0];

/** Gather the functions that TensorFlow.js calls by name. */
function gather(instance: Instance, threads: number): WasmModule {
  const start = instance.cwrap("init_with_threads_count", null, ["number"]);
  const tfjs = {
    init: instance.cwrap("init", null, []),
    // TensorFlow.js passes a count of its own.
    initWithThreadsCount: () => start(threads),
    getThreadsCount: instance.cwrap("get_threads_count", "number", []),
    registerTensor: instance.cwrap("register_tensor", null, ["number", "number", "number"]),
    disposeData: instance.cwrap("dispose_data", null, ["number"]),
    dispose: instance.cwrap("dispose", null, []),
  };
  return Object.assign(instance, { tfjs }) as unknown as WasmModule;
}

/** An instance that computes on one thread. */
async function instantiateOneThread(): Promise<StartedInstance> {
  const { binary } = await import("./wasm_simd_binary.js");
  const instance = await new Promise<Instance>((resolve, reject) => {
    (oneThreadGlue as unknown as Glue)(optionsFor(binary, reject)).then(resolve, reject);
  });
  return { instance, stop: () => Promise.resolve() };
}

/** A module and what ends its workers; after that its memory can be read, but nothing be computed. */
export interface StartedModule {
  readonly module: WasmModule;
  readonly stop: () => Promise<void>;
  /** The memory that its threads share, where it has several. */
  readonly memory: SharedArrayBuffer | undefined;
}

/**
 * An instance of TensorFlow.js's WebAssembly module with SIMD.
 *
 * @param threads How many threads compute, this one included; with one, no worker is started.
 * @throws If this platform cannot run it.
 */
export async function createWasmModule(threads: number): Promise<StartedModule> {
  const { instance, stop } = await (threads > 1 ? instantiateThreaded(threads) : instantiateOneThread());
  const { buffer } = (instance as unknown as { readonly HEAPU8: Uint8Array }).HEAPU8;
  const memory = threads > 1 ? buffer as unknown as SharedArrayBuffer : undefined;
  return { module: gather(instance, threads), stop, memory };
}
