import type * as tf from "../../src/base/tfjs.ts";
import type { BackendWasm } from "npm:@tensorflow/tfjs-backend-wasm@4.22.0";

/** A backend as it stands behind TensorFlow.js's class for WebAssembly. */
export type HeapBackend = Pick<BackendWasm, "makeOutput" | "disposeData" | "dispose"> & {
  /** Its module; `null` when it has been disposed of. */
  readonly wasm: {
    /** What the module exports. */
    readonly asm?: WebAssembly.Exports;
    _malloc(bytes: number): number;
    _free(address: number): void;
  } | null;
  readonly dataIdMap: { get(dataId: object): { readonly memoryOffset: number } };
};

/**
 * The memory of TensorFlow.js's module: where its tensors lie, room for what is computed on the way, and what is kept
 * beside a tensor for as long as that is there.
 */
export class Heap {
  readonly #backend: HeapBackend;
  readonly #beside = new WeakMap<object, Map<string, number>>();

  /** @param backend Tells of the tensors that it frees from now on. */
  constructor(backend: HeapBackend) {
    this.#backend = backend;
    const disposeData = backend.disposeData.bind(backend);
    backend.disposeData = (dataId: object, force?: boolean) => {
      const isFreed = disposeData(dataId, force);
      if (isFreed) this.#freeBeside(dataId);
      return isFreed;
    };
  }

  /** Where a tensor's numbers are. */
  addressOf({ dataId }: tf.TensorInfo): number {
    return this.#backend.dataIdMap.get(dataId).memoryOffset;
  }

  /** Room for a tensor that is computed. */
  makeOutput(shape: readonly number[]): tf.TensorInfo {
    return this.#backend.makeOutput([...shape], "float32");
  }

  /**
   * Use some memory for a while.
   *
   * @throws {RangeError} If there is none left.
   */
  withScratch(bytes: number, use: (address: number) => void): void {
    const address = this.#allocate(bytes);
    try {
      use(address);
    } finally {
      this.#free(address);
    }
  }

  /**
   * What was made of a tensor, such as its numbers in another order: made once, and freed with it.
   *
   * @param key What it is, among all that is made of the tensor.
   * @param fill Writes it.
   */
  keepBeside(
    { dataId }: tf.TensorInfo,
    key: string,
    { bytes, fill }: { readonly bytes: number; fill(address: number): void },
  ): number {
    const kept = this.#beside.get(dataId) ?? new Map<string, number>();
    const known = kept.get(key);
    if (known !== undefined) return known;
    const address = this.#allocate(bytes);
    fill(address);
    this.#beside.set(dataId, kept.set(key, address));
    return address;
  }

  #allocate(bytes: number): number {
    const address = this.#backend.wasm!._malloc(bytes) >>> 0; // it comes as a signed number
    if (address === 0) throw new RangeError(`WebAssembly has no memory left for ${bytes} bytes`);
    return address;
  }

  /** A backend that TensorFlow.js has disposed of has no module any more. */
  #free(address: number): void {
    this.#backend.wasm?._free(address);
  }

  #freeBeside(dataId: object): void {
    const kept = this.#beside.get(dataId);
    if (!kept) return;
    for (const address of kept.values()) this.#free(address);
    this.#beside.delete(dataId);
  }
}
