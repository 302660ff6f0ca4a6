/**
 * TensorFlow.js's threaded WebAssembly module in Deno. Its glue takes Deno for Node and would start no usable
 * worker; here it is run with substitutes for what it asks the platform for, and its workers are Node's, which
 * let the process exit while they are idle.
 *
 * @module
 */
import glueFactory from "@tensorflow/tfjs-backend-wasm/wasm-out/tfjs-backend-wasm-threaded-simd.js";
import glueWorker from "@tensorflow/tfjs-backend-wasm/wasm-out/tfjs-backend-wasm-threaded-simd.worker.js";
import { Worker } from "node:worker_threads";
import { endWorkers } from "./end_workers.ts";
import { type Glue, type Instance, optionsFor, type StartedInstance } from "./wasm_instance.ts";

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

/** A worker's program: the glue's own worker, in a scope where it finds a browser's worker and no Node. */
function workerProgram(glue: string): string {
  const { wasmWorkerContents } = glueWorker as { wasmWorkerContents: string };
  const worker = wasmWorkerContents.replaceAll("\n", "\\n"); // line breaks within its strings
  return `
    const { parentPort } = require("node:worker_threads");
    globalThis.self = globalThis;
    globalThis.postMessage = (message, transfer) => parentPort.postMessage(message, transfer);
    globalThis.importScripts = () => {
      const load = new Function("process", "document", "_scriptDir", ${JSON.stringify(glue)});
      globalThis.WasmBackendModuleThreadedSimd = load(undefined, undefined, "");
    };
    new Function("process", "self", ${JSON.stringify(worker)})(undefined, globalThis);
    const receive = globalThis.onmessage;
    globalThis.onmessage = null;
    parentPort.on("message", (data) => receive({ data }));
  `;
}

/** A class with a browser's interface over Node's workers, which do not keep the process alive. */
function workerClass(program: string, started: Set<Worker>, fail: (error: unknown) => void) {
  return class {
    onmessage: ((event: { data: unknown }) => void) | undefined;
    readonly #worker = new Worker(program, { eval: true });

    constructor() {
      started.add(this.#worker);
      this.#worker.on("message", (data: unknown) => this.onmessage?.({ data }));
      this.#worker.on("error", fail);
      this.#worker.unref();
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
  const { binary } = await import("./wasm_threaded_binary.js");
  const { promise, resolve, reject } = Promise.withResolvers<Instance>();
  const glue = glueSource(threads - 1);
  const workers = new Set<Worker>();
  const names = ["process", "importScripts", "Worker", "self", "navigator", "document", "_scriptDir"];
  const instantiate: Glue = new Function(...names, glue)(
    undefined, // no Node here
    () => {}, // but a worker, which may start others
    workerClass(workerProgram(glue), workers, reject),
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
