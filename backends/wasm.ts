import * as tf from "@tensorflow/tfjs";
import type { BackendWasm } from "@tensorflow/tfjs-backend-wasm";
import { type Backend, CannotStart, type StartedBackend } from "./backend.ts";
import { registerKernels } from "./kernels/mod.ts";
import type { SkippedBackend } from "./mod.ts";
import { createWasmModule } from "./wasm_module.ts";

/**
 * Backends by their count of threads. They are kept, since weights of open models may live on them: TensorFlow.js
 * moves a tensor to the backend in use when it is first needed there.
 */
const started = new Map<number, { backend: BackendWasm; threads: number }>();

/** TensorFlow.js's registry of running backends; what it offers in public would free those taken out. */
function registry(): Record<string, unknown> {
  return (tf.engine() as unknown as { registry: Record<string, unknown> }).registry;
}

/** Make a backend the one that TensorFlow.js calls "wasm". */
async function install(backend: BackendWasm): Promise<void> {
  delete registry().wasm;
  tf.removeBackend("wasm"); // the package's own entry, or ours of before
  tf.registerBackend("wasm", () => backend, 2);
  await tf.setBackend("wasm");
}

async function startWith(wanted: number): Promise<StartedBackend> {
  let entry = started.get(wanted);
  if (!entry) {
    // Importing the package makes its own backend TensorFlow.js's default, which fails in Deno: not before now.
    const [{ BackendWasm }, module] = await Promise.all([
      import("@tensorflow/tfjs-backend-wasm"),
      createWasmModule(wanted),
    ]);
    entry = { backend: new BackendWasm(module), threads: module.tfjs.getThreadsCount() };
    started.set(wanted, entry);
  }
  await install(entry.backend);
  registerKernels("wasm");
  return { threads: entry.threads, simd: true, adapter: null, software: false };
}

function reasonOf(error: unknown): string {
  return error instanceof Error ? error.message.split("\n")[0]! : String(error);
}

/** WebAssembly with SIMD, on several threads where the platform has them. */
export const wasmBackend: Backend = {
  name: "wasm",
  async start({ threads = navigator.hardwareConcurrency, byName }) {
    const skipped: SkippedBackend[] = [];
    if (threads > 1) {
      try {
        return await startWith(threads);
      } catch (error) {
        skipped.push({ name: "wasm threads", reason: reasonOf(error) });
      }
    }
    try {
      return { ...await startWith(1), skipped };
    } catch (error) {
      const reasons = [...skipped.map(({ reason }) => reason), reasonOf(error)];
      throw new CannotStart(byName ? [...new Set(reasons)].join("; ") : reasonOf(error));
    }
  },
};
