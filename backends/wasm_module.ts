import type { BackendWasm } from "@tensorflow/tfjs-backend-wasm";
import oneThreadGlue from "@tensorflow/tfjs-backend-wasm/wasm-out/tfjs-backend-wasm.js";
import { type Glue, type Instance, optionsFor } from "./wasm_instance.ts";
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

async function instantiateOneThread(): Promise<Instance> {
  const { binary } = await import("./wasm_simd_binary.js");
  return await new Promise((resolve, reject) => {
    (oneThreadGlue as unknown as Glue)(optionsFor(binary, reject)).then(resolve, reject);
  });
}

/**
 * An instance of TensorFlow.js's WebAssembly module with SIMD.
 *
 * @param threads How many threads compute, this one included; with one, no worker is started.
 * @throws If this platform cannot run it.
 */
export async function createWasmModule(threads: number): Promise<WasmModule> {
  return gather(threads > 1 ? await instantiateThreaded(threads) : await instantiateOneThread(), threads);
}
