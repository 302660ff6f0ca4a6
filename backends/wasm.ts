import * as tf from "../src/base/tfjs.ts";
import type { BackendWasm } from "npm:@tensorflow/tfjs-backend-wasm@4.22.0";
import { type Backend, CannotStart, type SkippedBackend } from "./backend.ts";
import { registerKernels } from "./kernels/mod.ts";
import type { HeapBackend } from "./simd/heap.ts";
import { currentMachine, endThreadsOf, startMachine } from "./simd/machine.ts";
import { createWasmModule } from "./wasm_module.ts";

/** A backend that was made, and its memory where threads can share it. */
interface Made {
  readonly backend: BackendWasm;
  readonly memory: WebAssembly.Memory | undefined;
}

/** The backend that was made last. */
let latest: Made | undefined;

/** Those that were made for one thread and for several, which need not be made anew. */
const kept: { alone?: Made | undefined; shared?: Made | undefined } = {};

/** What makes modules. */
let createModule: typeof createWasmModule = createWasmModule;

/**
 * Have modules made by something else from now on, for benches: on a module whose memory is not told of, TensorFlow.js's own
 * kernels compute.
 */
export function makeModulesBy(create: typeof createWasmModule): void {
  createModule = create;
}

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

async function make(kind: keyof typeof kept): Promise<Made> {
  // Importing the package makes its own backend TensorFlow.js's default, which fails in Deno: not before now.
  const [{ BackendWasm }, { module, memory }] = await Promise.all([
    import("npm:@tensorflow/tfjs-backend-wasm@4.22.0"),
    createModule(kind === "shared"),
  ]);
  return { backend: new BackendWasm(module), memory };
}

/** A backend as the machine takes it. */
function heapOf({ backend }: Made): HeapBackend {
  return backend as unknown as HeapBackend;
}

/** Make a backend anew when it is next needed. */
function forget(made: Made): void {
  for (const kind of ["alone", "shared"] as const) {
    if (kept[kind] === made) kept[kind] = undefined;
  }
}

async function startWith(threads: number): Promise<void> {
  if (threads > 1 && typeof SharedArrayBuffer === "undefined") {
    throw new Error("this platform has no SharedArrayBuffer");
  }
  const before = latest;
  if (before && registry().wasm !== before.backend) forget(before); // it was removed by TensorFlow.js's own means, which free it
  const kind = threads > 1 ? "shared" : "alone";
  const made = kept[kind] ??= await make(kind);
  await startMachine(heapOf(made), { memory: made.memory, threads });
  latest = made;
  if (registry().wasm !== made.backend) install(made.backend);
  await tf.setBackend("wasm");
  if (before && before !== made) await endThreadsOf(before.backend);
  registerKernels("wasm");
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
    if (threads > 1) {
      try {
        await startWith(threads);
        return { ...await this.inspect(), skipped };
      } catch (error) {
        skipped.push({ name: `wasm, ${threads} threads`, reason: reasonOf(error) });
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
    if (!currentMachine()) await startMachine(backend as unknown as HeapBackend); // somebody else's backend
    const machine = currentMachine();
    return {
      threads: machine?.threads ?? wasm.tfjs.getThreadsCount(),
      simd: await tf.env().getAsync("WASM_HAS_SIMD_SUPPORT") as boolean,
      kernels: machine?.build ?? null,
      adapter: null,
      software: false,
    };
  },
};
