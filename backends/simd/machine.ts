import * as tf from "../../src/base/tfjs.ts";
import { Heap, type HeapBackend } from "./heap.ts";
import type { KernelBuild, LoadedKernels } from "./kernels.ts";
import { loadKernels } from "./load.ts";
import { doTask, type Job } from "./tasks.ts";
import { ThreadPool } from "./thread_pool.ts";

/** Kernels of our own, the memory that they compute on, and the threads that do. */
export interface Machine extends LoadedKernels {
  readonly heap: Heap;
  /** How many threads compute, this one included. */
  readonly threads: number;
  /** The others, where there are some. */
  readonly pool: ThreadPool | undefined;
  /** What was asked for. */
  readonly asked: MachineOptions;
}

/** How a machine is started. */
export interface MachineOptions {
  /**
   * A build.
   * @default {the faster one that runs here}
   */
  readonly build?: KernelBuild | undefined;
  /**
   * The memory that threads can share.
   * @default {the one that the backend's module exports, for one thread}
   */
  readonly memory?: WebAssembly.Memory | undefined;
  /**
   * How many threads compute, this one included.
   * @default {1}
   */
  readonly threads?: number | undefined;
}

/** The machines, by the backend whose memory they compute on. */
const machines = new WeakMap<object, Machine>();

/** How often one has computed something, and whether it may. */
let calls = 0;
let isAllowed = true;

/**
 * Let our own kernels compute on the tensors of one of TensorFlow.js's backends, where there is SIMD. A second call for the
 * same changes nothing; one for other threads or another build takes the place of the first.
 *
 * @param backend The backend.
 * @throws If several threads are asked for and do not start.
 */
export async function startMachine(backend: HeapBackend, asked: MachineOptions = {}): Promise<void> {
  const { build, threads = 1, memory = exportedMemory(backend) } = asked;
  const before = machines.get(backend);
  if (!memory || (before && before.asked.build === build && before.threads === threads)) return;
  const loaded = await tryToLoad(memory, build);
  if (!loaded) return;
  const pool = threads > 1 ? await ThreadPool.start({ ...loaded, memory }, threads) : undefined;
  const latest = machines.get(backend); // another call may have been faster
  if (!latest) endWith(backend);
  machines.set(backend, { ...loaded, heap: latest?.heap ?? new Heap(backend), threads, pool, asked });
  await latest?.pool?.end();
}

/** The kernels on a memory; `undefined` where there is no SIMD. */
async function tryToLoad(
  memory: WebAssembly.Memory,
  build: KernelBuild | undefined,
): Promise<LoadedKernels | undefined> {
  try {
    return await loadKernels(memory, build);
  } catch (error) {
    if (error instanceof WebAssembly.CompileError) return undefined;
    throw error;
  }
}

/** End the threads of a backend's machine but this one, which goes on alone. */
export async function endThreadsOf(backend: object): Promise<void> {
  const machine = machines.get(backend);
  if (!machine?.pool) return;
  machines.set(backend, { ...machine, threads: 1, pool: undefined, asked: { ...machine.asked, threads: 1 } });
  await machine.pool.end();
}

/** Have the threads of a backend's machine end when TensorFlow.js disposes of it. */
function endWith(backend: HeapBackend): void {
  const dispose = backend.dispose.bind(backend);
  backend.dispose = () => {
    void endThreadsOf(backend);
    dispose();
  };
}

/** The memory of a module for one thread: others import theirs. */
function exportedMemory({ wasm }: HeapBackend): WebAssembly.Memory | undefined {
  return Object.values(wasm?.asm ?? {}).find((value) => value instanceof WebAssembly.Memory);
}

/** Compute a job on all threads of a machine. */
export function runJob({ pool, exports }: Machine, job: Job): void {
  const { tasks } = job;
  if (pool && tasks.length > 1) pool.run(job);
  else for (const task of tasks) doTask(exports, task);
}

/** What computes on the current backend, where it is one with kernels of our own. */
export function currentMachine(): Machine | undefined {
  return isAllowed ? machines.get(tf.backend()) : undefined;
}

/**
 * Compute with our own kernels.
 *
 * @returns `undefined` where there are none, or they cannot.
 */
export function onMachine(
  run: (machine: Machine) => tf.TensorInfo | undefined,
): tf.TensorInfo | undefined {
  const machine = currentMachine();
  const result = machine && run(machine);
  if (result) calls++;
  return result;
}

/** How often our own kernels have computed something, for tests. */
export function machineCalls(): number {
  return calls;
}

/** Do something on TensorFlow.js's own kernels, to compare. */
export function withoutMachine<Result>(run: () => Result): Result {
  isAllowed = false;
  try {
    return run();
  } finally {
    isAllowed = true;
  }
}
