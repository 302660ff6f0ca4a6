/**
 * Which engine computes: WebGPU on a hardware GPU, otherwise WebAssembly with as many threads as there are
 * cores, otherwise fewer, otherwise plain JavaScript.
 *
 * @module
 */

import * as tf from "../src/base/tfjs.ts";
import { BackendError } from "../src/base/errors.ts";
import { checkOptionTypes } from "../src/base/options.ts";
import type { Tensor } from "../src/base/tensors.ts";
import { quote } from "../src/base/quote.ts";
import {
  type Backend,
  type BackendInfo,
  type BackendName,
  backendRules,
  CannotStart,
  type SelectBackendOptions,
  type SkippedBackend,
} from "./backend.ts";
import { cpuBackend } from "./cpu.ts";
import { readBackFromGpu, watchGpuMemory } from "./gpu_memory.ts";
import { registerKernels } from "./kernels/mod.ts";
import { KindLock } from "./kind_lock.ts";
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

/** Holds computations on different backends apart: TensorFlow.js has one backend at a time, for all. */
const computing = new KindLock();

function checkRequest(options: SelectBackendOptions): void {
  checkOptionTypes("selectBackend()", options, backendRules);
  const { backend = "auto", threads } = options;
  if (backend !== "auto" && !backendNames.includes(backend)) {
    throw new RangeError(`Unknown backend ${quote(backend)}: use one of auto, ${backendNames.join(", ")}`);
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
        warnings: Object.freeze([]),
      });
    } catch (error) {
      if (!(error instanceof CannotStart)) throw error;
      if (byName) {
        throw new BackendError(`Cannot use backend ${quote(backend)}: ${error.message}`, { cause: error });
      }
      skipped.push({ name: candidate.name, reason: error.message });
    }
  }
  const reasons = skipped.map(({ name, reason }) => `${name}: ${reason}`).join("; ");
  throw new BackendError(`Cannot use any backend: ${reasons}`);
}

/** A request in one word; `undefined` where whatever is in use will do. */
function kindOf({ backend, threads }: SelectBackendOptions): string | undefined {
  return backend === undefined && threads === undefined ? undefined : `${backend ?? "auto"} ${threads ?? ""}`;
}

async function select(options: SelectBackendOptions): Promise<BackendInfo> {
  const request = kindOf(options) ?? "auto ";
  const stillThere = current && tf.engine().backendName === current.name;
  if (current && stillThere && request === currentRequest) return current;
  quietTensorflow();
  watchGpuMemory();
  current = await start(options);
  currentRequest = request;
  if (current.name !== "webgpu") await readBackFromGpu(); // so that models can be used directly, too
  return current;
}

/** One selection after the other. */
async function selectInTurn(options: SelectBackendOptions): Promise<BackendInfo> {
  const selection = running.then(() => select(options));
  running = selection.catch(() => {}); // the next in line does not fail with it
  return await selection;
}

/** The backend in use, or the one asked for, or else the best there is. */
async function ensure(options: SelectBackendOptions): Promise<BackendInfo> {
  if (kindOf(options) === undefined) {
    await running;
    const chosen = tf.engine().backendName;
    if (current && chosen === current.name) return current;
    const known = backends.find(({ name }) => name === chosen);
    if (known) return await adopt(known);
  }
  return await selectInTurn(options);
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
 * @throws {TypeError} If an option is unknown or of a wrong type.
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
  await computing.enter(kindOf(options) ?? "auto ");
  try {
    return await selectInTurn(options);
  } finally {
    computing.leave();
  }
}

/** Options of {@linkcode withBackend}. */
export interface ComputeOptions {
  /** Tensors that are needed which may have been made before this package knew of the GPU. */
  readonly tensors?: readonly Tensor[];
  /** Ends the waiting for computations on another backend. */
  readonly signal?: AbortSignal | undefined;
}

/**
 * Compute on the backend in use, or the one asked for, or else the best there is. A backend that the caller chose before,
 * here or by TensorFlow.js's own means, stays. Computations on one backend may overlap; one on another waits until they
 * have ended, and finds what they left in a GPU's memory.
 *
 * @param options The backend.
 * @param use Computes; it must not select another backend, nor wait for what does.
 * @param about What else is to be known.
 * @throws {BackendError} As {@linkcode selectBackend}.
 * @throws {RangeError} Likewise.
 */
export async function withBackend<Result>(
  options: SelectBackendOptions,
  use: (backend: BackendInfo) => Result | Promise<Result>,
  { tensors = [], signal }: ComputeOptions = {},
): Promise<Result> {
  checkRequest(options);
  await computing.enter(kindOf(options), signal);
  try {
    const backend = await ensure(options);
    if (backend.name !== "webgpu") await readBackFromGpu(tensors);
    return await use(backend);
  } finally {
    computing.leave();
  }
}

/**
 * The backend in use, or the one asked for, or else the best there is. A backend that the caller chose before, here or by
 * TensorFlow.js's own means, stays.
 *
 * @param options The backend.
 * @param signal Ends the waiting for computations on another backend.
 * @throws {BackendError} As {@linkcode selectBackend}.
 * @throws {RangeError} Likewise.
 */
export async function ensureBackend(
  options: SelectBackendOptions = {},
  signal?: AbortSignal,
): Promise<BackendInfo> {
  return await withBackend(options, (backend) => backend, { signal });
}

/** What to say of a backend that TensorFlow.js took by itself. */
const slowWarning =
  "TensorFlow.js was computing in plain JavaScript before, and goes on so, which is many times " +
  "slower than WebAssembly: call selectBackend() first, or set the option backend";

/** Take over a backend that the caller started, without looking for a better one. */
async function adopt(backend: Backend): Promise<BackendInfo> {
  quietTensorflow();
  await tf.ready();
  registerKernels(backend.name);
  const reason = `TensorFlow.js was running on ${quote(backend.name)} already`;
  const others = backendNames.filter((name) => name !== backend.name);
  const skipped = Object.freeze(others.map((name) => ({ name, reason })));
  currentRequest = undefined;
  const warnings = Object.freeze(backend.name === "cpu" ? [slowWarning] : []);
  return current = Object.freeze({ name: backend.name, ...await backend.inspect(), skipped, warnings });
}

/** The backend that was selected last, if any was. */
export function currentBackend(): BackendInfo | undefined {
  return current;
}
