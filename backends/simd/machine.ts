import * as tf from "../../src/base/tfjs.ts";
import { Heap, type HeapBackend } from "./heap.ts";
import type { KernelBuild, LoadedKernels } from "./kernels.ts";
import { loadKernels } from "./load.ts";

/** Kernels of our own, and the memory that they compute on. */
export interface Machine extends LoadedKernels {
  readonly heap: Heap;
}

/** The machines, by the backend whose memory they compute on. */
const machines = new WeakMap<object, Machine>();

/**
 * Let our own kernels compute on the tensors of one of TensorFlow.js's backends.
 *
 * @param backend The backend.
 * @param memory Its memory.
 * @param build A build; else the faster one that runs here.
 */
export async function startMachine(
  backend: HeapBackend,
  memory: WebAssembly.Memory,
  build?: KernelBuild,
): Promise<void> {
  const known = machines.get(backend);
  if (known && (!build || known.build === build)) return;
  const loaded = await loadKernels(memory, build);
  machines.set(backend, { ...loaded, heap: known?.heap ?? new Heap(backend) });
}

/** What computes on the current backend, where it is one with kernels of our own. */
export function currentMachine(): Machine | undefined {
  return machines.get(tf.backend());
}

/** Do something on TensorFlow.js's own kernels, to compare. */
export function withoutMachine<Result>(run: () => Result): Result {
  const backend = tf.backend();
  const machine = machines.get(backend);
  machines.delete(backend);
  try {
    return run();
  } finally {
    if (machine) machines.set(backend, machine);
  }
}
