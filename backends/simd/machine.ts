import * as tf from "../../src/base/tfjs.ts";
import { Heap, type HeapBackend } from "./heap.ts";
import type { KernelBuild, LoadedKernels } from "./kernels.ts";
import { loadKernels } from "./load.ts";

/** Kernels of our own, and the memory that they compute on. */
export interface Machine extends LoadedKernels {
  readonly heap: Heap;
  /** The build that was asked for, if one was. */
  readonly asked: KernelBuild | undefined;
}

/** The machines, by the backend whose memory they compute on. */
const machines = new WeakMap<object, Machine>();

/** How often one has computed something, and whether it may. */
let calls = 0;
let isAllowed = true;

/**
 * Let our own kernels compute on the tensors of one of TensorFlow.js's backends, where it computes on one thread and
 * there is SIMD. A second call changes nothing.
 *
 * @param backend The backend.
 * @param build A build; else the faster one that runs here.
 */
export async function startMachine(backend: HeapBackend, build?: KernelBuild): Promise<void> {
  const known = machines.get(backend), memory = exportedMemory(backend);
  if (!memory || (known && known.asked === build)) return;
  try {
    const loaded = await loadKernels(memory, build);
    const { heap = new Heap(backend) } = machines.get(backend) ?? {}; // another call may have been faster
    machines.set(backend, { ...loaded, heap, asked: build });
  } catch (error) {
    if (!(error instanceof WebAssembly.CompileError)) throw error; // else there is no SIMD
  }
}

/** The memory of a module for one thread: others import theirs. */
function exportedMemory({ wasm }: HeapBackend): WebAssembly.Memory | undefined {
  return Object.values(wasm?.asm ?? {}).find((value) => value instanceof WebAssembly.Memory);
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
