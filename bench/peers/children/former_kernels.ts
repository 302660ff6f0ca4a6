/**
 * TensorFlow.js's own kernels for WebAssembly on its own threads, as this package computed before it had kernels of its own:
 * all else is the package as it is.
 *
 * @module
 */
import glueFactory from "npm:@tensorflow/tfjs-backend-wasm@4.22.0/wasm-out/tfjs-backend-wasm-threaded-simd.js";
import glueWorker from "npm:@tensorflow/tfjs-backend-wasm@4.22.0/wasm-out/tfjs-backend-wasm-threaded-simd.worker.js";
import { makeModulesBy } from "../../../backends/wasm.ts";
import { type Glue, type Instance, optionsFor } from "../../../backends/wasm_instance.ts";
import type { StartedModule, WasmModule } from "../../../backends/wasm_module.ts";
import { findWorkers, type StartWorker } from "../../../backends/wasm_workers.ts";

/** The glue starts this many workers, whatever is needed. */
const poolSize = /pthreadPoolSize=8\b/;

/** The glue's source as the body of a function that returns it, with a pool of the right size. */
function glueSource(workers: number): string {
  const source = String(glueFactory);
  if (!poolSize.test(source)) throw new Error("the glue of TensorFlow.js's module is of another kind");
  return `return ${source.replace(poolSize, `pthreadPoolSize=${workers}`)}`;
}

/** A worker's program: the glue's own worker, in a scope where it finds no Node. */
function workerProgram(glue: string): string {
  const { wasmWorkerContents } = glueWorker as unknown as { wasmWorkerContents: string };
  const worker = wasmWorkerContents.replaceAll("\n", "\\n"); // line breaks within its strings
  return `
    globalThis.importScripts = () => {
      const load = new Function("process", "document", "_scriptDir", ${JSON.stringify(glue)});
      globalThis.WasmBackendModuleThreadedSimd = load(undefined, undefined, "");
    };
    new Function("process", "self", ${JSON.stringify(worker)})(undefined, globalThis);
  `;
}

/** What the glue takes for a browser's class of workers: each runs the program, whatever it is asked to. */
function workerClass(start: StartWorker, program: string, fail: (error: unknown) => void) {
  return class {
    onmessage: ((event: { data: unknown }) => void) | undefined;
    readonly #worker = start(program, { message: (data) => this.onmessage?.({ data }), error: fail });

    postMessage(message: unknown): void {
      this.#worker.postMessage(message);
    }

    terminate(): void {
      void this.#worker.terminate();
    }
  };
}

async function instantiate(threads: number): Promise<Instance> {
  const [{ binary }, start] = await Promise.all([
    import("../../../backends/wasm_threaded_binary.js"),
    findWorkers(),
  ]);
  const { promise, resolve, reject } = Promise.withResolvers<Instance>();
  const glue = glueSource(threads - 1);
  const names = ["process", "importScripts", "Worker", "self", "navigator", "document", "_scriptDir"];
  const make: Glue = new Function(...names, glue)(
    undefined, // no Node here
    () => {}, // but a worker, which may start others
    workerClass(start, workerProgram(glue), reject),
    { location: { href: import.meta.url } },
    { hardwareConcurrency: 2 * threads }, // it takes half of the cores
    undefined,
    "",
  );
  make({ ...optionsFor(binary, reject), mainScriptUrlOrBlob: "glue" }).then(resolve, reject);
  return await promise;
}

/** The module as TensorFlow.js's backend takes it. */
async function createThreaded(threads: number): Promise<StartedModule> {
  const instance = await instantiate(threads);
  const start = instance.cwrap("init_with_threads_count", null, ["number"]);
  const tfjs = {
    init: instance.cwrap("init", null, []),
    initWithThreadsCount: () => start(threads),
    getThreadsCount: instance.cwrap("get_threads_count", "number", []),
    registerTensor: instance.cwrap("register_tensor", null, ["number", "number", "number"]),
    disposeData: instance.cwrap("dispose_data", null, ["number"]),
    dispose: instance.cwrap("dispose", null, []),
  };
  return { module: Object.assign(instance, { tfjs }) as unknown as WasmModule, memory: undefined };
}

/**
 * Compute with TensorFlow.js's kernels from now on.
 *
 * @param threads How many threads compute, this one included: 2 to 8.
 */
export function useFormerKernels(threads: number): void {
  makeModulesBy(() => createThreaded(threads));
}
