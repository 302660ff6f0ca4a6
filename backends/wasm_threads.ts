/**
 * TensorFlow.js's threaded WebAssembly module in Deno. Its glue takes Deno for Node and would start no usable
 * worker; here it is run with substitutes for what it asks the platform for, and its workers let the process
 * exit while they are idle.
 *
 * @module
 */
import glueFactory from "npm:@tensorflow/tfjs-backend-wasm@4.22.0/wasm-out/tfjs-backend-wasm-threaded-simd.js";
import glueWorker from "npm:@tensorflow/tfjs-backend-wasm@4.22.0/wasm-out/tfjs-backend-wasm-threaded-simd.worker.js";
import { endWorkers } from "./end_workers.ts";
import { type Glue, type Instance, optionsFor, type StartedInstance } from "./wasm_instance.ts";
import { startOnLent } from "./lent_threads.ts";
import { findWorkers, type IdleWorker, type StartWorker } from "./wasm_workers.ts";

/** How long workers may take to start, in milliseconds. */
const startTimeoutMs = 10_000;

/** The glue starts this many workers, whatever is needed. */
const poolSize = /pthreadPoolSize=8\b/;

/** The glue's source as the body of a function that returns it, with a pool of the right size. */
function glueSource(workers: number): string {
  const source = String(glueFactory);
  if (!poolSize.test(source)) {
    throw new Error("the glue of TensorFlow.js's WebAssembly module is of another kind");
  }
  return `return ${source.replace(poolSize, `pthreadPoolSize=${workers}`)}`;
}

/** A worker's program: the glue's own worker, in a scope where it finds no Node. */
function workerProgram(glue: string): string {
  const { wasmWorkerContents } = glueWorker as { wasmWorkerContents: string };
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
function workerClass(
  start: StartWorker,
  program: string,
  started: Set<IdleWorker>,
  fail: (error: unknown) => void,
) {
  return class {
    onmessage: ((event: { data: unknown }) => void) | undefined;
    readonly #worker = start(program, { message: (data) => this.onmessage?.({ data }), error: fail });

    constructor() {
      started.add(this.#worker);
    }

    postMessage(message: unknown): void {
      this.#worker.postMessage(message);
    }

    terminate(): void {
      started.delete(this.#worker);
      void this.#worker.terminate();
    }
  };
}

/**
 * An instance of the threaded module, its workers started and ready.
 *
 * @param threads How many threads compute, this one included: 2 or more.
 * @throws If this platform has no shared memory or no workers, or they do not start in time.
 */
export async function instantiateThreaded(threads: number): Promise<StartedInstance> {
  if (typeof SharedArrayBuffer === "undefined") throw new Error("this platform has no SharedArrayBuffer");
  const [{ binary }, startOwn] = await Promise.all([import("./wasm_threaded_binary.js"), findWorkers()]);
  const start = startOnLent(startOwn);
  const { promise, resolve, reject } = Promise.withResolvers<Instance>();
  const glue = glueSource(threads - 1);
  const workers = new Set<IdleWorker>();
  const names = ["process", "importScripts", "Worker", "self", "navigator", "document", "_scriptDir"];
  const instantiate: Glue = new Function(...names, glue)(
    undefined, // no Node here
    () => {}, // but a worker, which may start others
    workerClass(start, workerProgram(glue), workers, reject),
    { location: { href: import.meta.url } },
    { hardwareConcurrency: 2 * threads }, // it takes half of the cores at most
    undefined,
    "",
  );
  const timer = setTimeout(() => reject(new Error("the workers did not start in time")), startTimeoutMs);
  try {
    instantiate({ ...optionsFor(binary, reject), mainScriptUrlOrBlob: "glue" }).then(resolve, reject);
    const instance = await promise;
    return { instance, stop: () => endWorkers(workers, instance.HEAPU8.buffer) };
  } catch (error) {
    for (const worker of workers) void worker.terminate();
    throw error;
  } finally {
    clearTimeout(timer);
  }
}
