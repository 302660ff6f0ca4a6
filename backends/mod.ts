/**
 * Which engine computes: WebGPU on a hardware GPU, otherwise WebAssembly with as many threads as there are
 * cores, otherwise fewer, otherwise plain JavaScript.
 *
 * @module
 */

import * as tf from "@tensorflow/tfjs";
import { BackendError } from "../src/base/errors.ts";
import {
  type Backend,
  type BackendInfo,
  type BackendName,
  CannotStart,
  type SelectBackendOptions,
  type SkippedBackend,
} from "./backend.ts";
import { cpuBackend } from "./cpu.ts";
import { registerKernels } from "./kernels/mod.ts";
import { wasmBackend } from "./wasm.ts";
import { webgpuBackend } from "./webgpu.ts";

export type { BackendInfo, BackendName, SelectBackendOptions, SkippedBackend };

/** More threads than any machine gains from. */
const maxThreads = 256;

/** All backends, in the order in which they are tried. */
const backends: readonly Backend[] = [webgpuBackend, wasmBackend, cpuBackend];

/** The names of all backends. */
export const backendNames: readonly BackendName[] = Object.freeze(backends.map(({ name }) => name));

/** What was selected last, how it was asked for, and the selection that runs now. */
let current: BackendInfo | undefined;
let currentRequest: string | undefined;
let running: Promise<unknown> = Promise.resolve();

function checkRequest({ backend = "auto", threads }: SelectBackendOptions): void {
  if (backend !== "auto" && !backendNames.includes(backend)) {
    throw new RangeError(`Unknown backend "${backend}": use one of auto, ${backendNames.join(", ")}`);
  }
  if (threads !== undefined && (!Number.isInteger(threads) || threads < 1 || threads > maxThreads)) {
    throw new RangeError(`Cannot use ${threads} threads: use 1 to ${maxThreads}`);
  }
}

/** TensorFlow.js takes Deno for Node and advertises its package for Node on stderr; and it must not. */
function quietTensorflow(): void {
  tf.env().set("IS_NODE", false);
}

async function start({ backend = "auto", threads }: SelectBackendOptions): Promise<BackendInfo> {
  const skipped: SkippedBackend[] = [];
  const byName = backend !== "auto";
  for (const candidate of backends) {
    if (byName && candidate.name !== backend) continue;
    try {
      const { skipped: variants = [], ...started } = await candidate.start({
        byName,
        ...(threads && { threads }),
      });
      return Object.freeze({
        name: candidate.name,
        ...started,
        skipped: Object.freeze([...skipped, ...variants]),
      });
    } catch (error) {
      if (!(error instanceof CannotStart)) throw error;
      if (byName) {
        throw new BackendError(`Cannot use backend "${backend}": ${error.message}`, { cause: error });
      }
      skipped.push({ name: candidate.name, reason: error.message });
    }
  }
  const reasons = skipped.map(({ name, reason }) => `${name}: ${reason}`).join("; ");
  throw new BackendError(`Cannot use any backend: ${reasons}`);
}

async function select(options: SelectBackendOptions): Promise<BackendInfo> {
  const request = `${options.backend ?? "auto"} ${options.threads ?? ""}`;
  const stillThere = current && tf.engine().backendName === current.name;
  if (current && stillThere && request === currentRequest) return current;
  quietTensorflow();
  current = await start(options);
  currentRequest = request;
  return current;
}

/**
 * Choose and start the engine that computes, for this package and for all of TensorFlow.js. Asking again for the
 * same costs nothing.
 *
 * With `"auto"`: WebGPU if there is a hardware GPU whose gradients agree with the CPU's, else WebAssembly with
 * SIMD on as many threads as there are cores, else on one, else plain JavaScript.
 *
 * @throws {BackendError} If the backend asked for by name cannot be had; the message says why.
 * @throws {RangeError} If there is no backend of that name, or the number of threads is out of range.
 *
 * @example
 * ```ts
 * import { selectBackend } from "@xai/gradcam";
 * import { assertEquals } from "@std/assert";
 *
 * const { name, threads } = await selectBackend({ backend: "wasm", threads: 2 });
 * assertEquals([name, threads], ["wasm", 2]);
 * ```
 */
export async function selectBackend(options: SelectBackendOptions = {}): Promise<BackendInfo> {
  checkRequest(options);
  const selection = running.then(() => select(options));
  running = selection.catch(() => {}); // the next in line does not fail with it
  return await selection;
}

/**
 * The backend in use, or the one asked for, or else the best there is: what the pipeline computes on. A backend
 * that the caller chose before, here or by TensorFlow.js's own means, stays.
 *
 * @throws {BackendError} As {@linkcode selectBackend}.
 * @throws {RangeError} Likewise.
 */
export async function ensureBackend(options: SelectBackendOptions = {}): Promise<BackendInfo> {
  if (options.backend === undefined && options.threads === undefined) {
    await running;
    const chosen = tf.engine().backendName;
    if (current && chosen === current.name) return current;
    const known = backends.find(({ name }) => name === chosen);
    if (known) return await adopt(known);
  }
  return await selectBackend(options);
}

/** Take over a backend that the caller started, without looking for a better one. */
async function adopt(backend: Backend): Promise<BackendInfo> {
  quietTensorflow();
  await tf.ready();
  registerKernels(backend.name);
  const reason = `TensorFlow.js was running on "${backend.name}" already`;
  const others = backendNames.filter((name) => name !== backend.name);
  const skipped = Object.freeze(others.map((name) => ({ name, reason })));
  currentRequest = undefined;
  return current = Object.freeze({ name: backend.name, ...await backend.inspect(), skipped });
}

/** The backend that was selected last, if any was. */
export function currentBackend(): BackendInfo | undefined {
  return current;
}
