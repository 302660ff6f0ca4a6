import type * as tf from "../../src/base/tfjs.ts";
import type { HeapBackend } from "./heap_backend.ts";

/**
 * Writes a tensor's numbers, all of them, each as it was to the last bit.
 *
 * @param place Gives the place for them, which goes out of date when memory is asked for.
 */
export type Refill = (place: () => Float32Array) => void;

/**
 * Tensors whose memory was given back, since their numbers can be had from elsewhere. Whoever asks the backend for one of them
 * finds it filled again.
 */
export class GivenBack {
  readonly #backend: HeapBackend;
  readonly #refills = new WeakMap<object, Refill>();
  readonly #find: (dataId: object) => ReturnType<HeapBackend["dataIdMap"]["get"]>;
  /** Whether the backend only counts, or forgets, and reads no numbers. */
  #isCounting = false;

  /** @param backend All that asks it for a tensor is looked at from now on. */
  constructor(backend: HeapBackend) {
    this.#backend = backend;
    const { dataIdMap } = backend;
    this.#find = dataIdMap.get.bind(dataIdMap);
    dataIdMap.get = (dataId) => {
      const data = this.#find(dataId);
      if (data?.memoryOffset === 0 && !this.#isCounting) this.#fill(dataId);
      return data;
    };
    for (const method of ["incRef", "refCount", "disposeData"] as const) this.#letCount(method);
  }

  /**
   * Give back the memory of a tensor.
   *
   * @param refill Has its numbers for as long as the tensor is there.
   */
  give(tensor: tf.TensorInfo, refill: Refill): void {
    const address = this.take(tensor, refill);
    if (address !== 0) this.#backend.wasm?._free(address);
  }

  /**
   * Take the memory of a tensor over, for something else.
   *
   * @returns Its address, which whoever takes it frees; 0 where it was given back before.
   */
  take({ dataId }: tf.TensorInfo, refill: Refill): number {
    const { wasm } = this.#backend, data = this.#find(dataId), { memoryOffset } = data;
    if (!wasm || memoryOffset === 0) return 0;
    wasm.tfjs.disposeData(data.id); // with what TensorFlow.js's own kernels have made of it
    data.memoryOffset = 0;
    this.#refills.set(dataId, refill);
    return memoryOffset;
  }

  /** Fill a tensor again. */
  #fill(dataId: object): void {
    const refill = this.#refills.get(dataId), { wasm } = this.#backend;
    if (!refill || !wasm) return;
    const data = this.#find(dataId);
    const size = data.shape.reduce((product, length) => product * length, 1);
    const address = wasm._malloc(size * 4);
    try {
      refill(() => new Float32Array(wasm.HEAPU8.buffer, address, size));
    } catch (error) {
      wasm._free(address);
      throw error;
    }
    data.memoryOffset = address;
    wasm.tfjs.registerTensor(data.id, size, address);
  }

  /** A method that needs no numbers. */
  #letCount(method: "incRef" | "refCount" | "disposeData"): void {
    const backend = this.#backend as unknown as Record<string, (...values: unknown[]) => unknown>;
    const run = backend[method]!.bind(backend);
    backend[method] = (...values) => {
      const before = this.#isCounting;
      this.#isCounting = true;
      try {
        return run(...values);
      } finally {
        this.#isCounting = before;
      }
    };
  }
}
