import * as tf from "../src/base/tfjs.ts";
import type { BackendWasm } from "npm:@tensorflow/tfjs-backend-wasm@4.22.0";
import { type Backend, CannotStart, type SkippedBackend } from "./backend.ts";
import { registerKernels } from "./kernels/mod.ts";
import type { HeapBackend } from "./simd/heap.ts";
import { currentMachine, startMachine } from "./simd/machine.ts";
import { createWasmModule } from "./wasm_module.ts";

/** TensorFlow.js's module runs on so many threads at most, whatever it is told. */
const maxThreads = 8;

/** A backend that was made, and what ends its workers. */
interface Made {
  readonly threads: number;
  readonly backend: BackendWasm;
  readonly stop: () => Promise<void>;
  readonly memory: SharedArrayBuffer | undefined;
}

/** The backend that was made last. */
let latest: Made | undefined;

/** The one without workers, which need not be made anew. */
let oneThread: Made | undefined;

/** TensorFlow.js's registry of running backends; what it offers in public would free those taken out. */
function registry(): Record<string, unknown> {
  return (tf.engine() as unknown as { registry: Record<string, unknown> }).registry;
}

/**
 * Make a backend the one that TensorFlow.js calls "wasm". Tensors stay on the backend of before, weights of open
 * models maybe, until TensorFlow.js moves them over when they are next needed: it must not be freed, and needs no
 * workers for that.
 */
function install(backend: BackendWasm): void {
  delete registry().wasm;
  if (tf.findBackendFactory("wasm")) tf.removeBackend("wasm"); // the package's own entry, or ours of before
  tf.registerBackend("wasm", () => backend, 2);
}

async function make(threads: number): Promise<Made> {
  if (threads === 1 && oneThread) return oneThread;
  // Importing the package makes its own backend TensorFlow.js's default, which fails in Deno: not before now.
  const [{ BackendWasm }, { module, stop, memory }] = await Promise.all([
    import("npm:@tensorflow/tfjs-backend-wasm@4.22.0"),
    createWasmModule(threads),
  ]);
  const made = { threads, backend: new BackendWasm(module), stop, memory };
  if (threads === 1) oneThread = made;
  return made;
}

async function startWith(threads: number): Promise<void> {
  if (latest?.threads === threads && registry().wasm === latest.backend) {
    await tf.setBackend("wasm");
  } else {
    const before = latest;
    // TensorFlow.js frees what is removed by its own means.
    if (before === oneThread && registry().wasm !== before?.backend) oneThread = undefined;
    latest = await make(threads);
    install(latest.backend);
    await tf.setBackend("wasm");
    if (before !== latest) await before?.stop(); // not earlier: a computation without its workers would wait for ever
  }
  registerKernels("wasm");
}

/** The memory that WebAssembly's threads share, where there are several: whoever ends this thread ends them by it. */
export function threadMemory(): SharedArrayBuffer | undefined {
  return latest?.memory;
}

/** A reason in one line. */
function reasonOf(error: unknown): string {
  return error instanceof Error ? error.message.split("\n")[0]! : String(error);
}

/** WebAssembly with SIMD, on several threads where the platform has them. */
export const wasmBackend: Backend = {
  name: "wasm",
  async start({ threads = navigator.hardwareConcurrency, byName }) {
    const skipped: SkippedBackend[] = [];
    const possible = Math.min(threads, maxThreads);
    if (possible < threads) {
      skipped.push({
        name: `wasm, ${threads} threads`,
        reason: `TensorFlow.js's module runs on ${maxThreads} at most`,
      });
    }
    if (possible > 1) {
      try {
        await startWith(possible);
        return { ...await this.inspect(), skipped };
      } catch (error) {
        skipped.push({ name: `wasm, ${possible} threads`, reason: reasonOf(error) });
      }
    }
    try {
      await startWith(1);
      return { ...await this.inspect(), skipped };
    } catch (error) {
      const reasons = [...skipped.map(({ reason }) => reason), reasonOf(error)];
      throw new CannotStart(byName ? [...new Set(reasons)].join("; ") : reasonOf(error));
    }
  },
  async inspect() {
    const backend = tf.backend() as BackendWasm, { wasm } = backend;
    await startMachine(backend as unknown as HeapBackend);
    const threads = wasm.tfjs.getThreadsCount();
    return {
      threads,
      simd: await tf.env().getAsync("WASM_HAS_SIMD_SUPPORT") as boolean,
      kernels: currentMachine()?.build ?? null,
      adapter: null,
      software: false,
    };
  },
};
