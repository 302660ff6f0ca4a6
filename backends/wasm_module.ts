import type { BackendWasm } from "npm:@tensorflow/tfjs-backend-wasm@4.22.0";
import oneThreadGlue from "npm:@tensorflow/tfjs-backend-wasm@4.22.0/wasm-out/tfjs-backend-wasm.js";
import { type Glue, type Instance, optionsFor } from "./wasm_instance.ts";
import { instantiateShared } from "./wasm_threads.ts";

/** What TensorFlow.js's backend class takes: an instance, with its functions gathered under `tfjs`. */
export type WasmModule = ConstructorParameters<typeof BackendWasm>[0];

/** Gather the functions that TensorFlow.js calls by name. */
function gather(instance: Instance): WasmModule {
  const start = instance.cwrap("init_with_threads_count", null, ["number"]);
  const tfjs = {
    init: instance.cwrap("init", null, []),
    // TensorFlow.js passes a count of its own; the threads are ours.
    initWithThreadsCount: () => start(1),
    getThreadsCount: instance.cwrap("get_threads_count", "number", []),
    registerTensor: instance.cwrap("register_tensor", null, ["number", "number", "number"]),
    disposeData: instance.cwrap("dispose_data", null, ["number"]),
    dispose: instance.cwrap("dispose", null, []),
  };
  return Object.assign(instance, { tfjs }) as unknown as WasmModule;
}

/** An instance with a memory of its own. */
async function instantiateAlone(): Promise<Instance> {
  const { binary } = await import("./wasm_simd_binary.js");
  return await new Promise<Instance>((resolve, reject) => {
    (oneThreadGlue as unknown as Glue)(optionsFor(binary, reject)).then(resolve, reject);
  });
}

/** A module, and its memory where threads can share it. */
export interface StartedModule {
  readonly module: WasmModule;
  readonly memory: WebAssembly.Memory | undefined;
}

/**
 * An instance of TensorFlow.js's WebAssembly module with SIMD, which computes on one thread.
 *
 * @param shared Whether threads of ours are to compute on its memory.
 * @throws If this platform cannot run it.
 */
export async function createWasmModule(shared: boolean): Promise<StartedModule> {
  if (!shared) return { module: gather(await instantiateAlone()), memory: undefined };
  const { instance, memory } = await instantiateShared();
  return { module: gather(instance), memory };
}
