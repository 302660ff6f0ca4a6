import type * as tf from "../../src/base/tfjs.ts";
import { checkMemory } from "./checked_memory.ts";
import { GivenBack, type Refill } from "./given_back.ts";
import type { HeapBackend } from "./heap_backend.ts";
import { type PackedMatrix, packedSize, unpackMatrix } from "./packed_matrix.ts";

export type { HeapBackend };

/** Something that was made of a tensor and is kept. */
export interface MadeBeside {
  /** The tensor's, and what it is among all that is made of it. */
  readonly dataId: object;
  readonly key: string;
  readonly bytes: number;
  /** Set where it is the same matrix, its numbers in another order. */
  readonly packed: PackedMatrix | undefined;
}

/**
 * The memory of TensorFlow.js's module: where its tensors lie, room for what is computed on the way, and what is kept
 * beside a tensor for as long as that is there.
 */
export class Heap {
  readonly #backend: HeapBackend;
  readonly #beside = new WeakMap<object, Map<string, number>>();
  readonly #givenBack: GivenBack;
  readonly #watched = new WeakMap<object, (made: MadeBeside) => void>();

  /** @param backend Tells of the tensors that it frees from now on. */
  constructor(backend: HeapBackend) {
    this.#backend = backend;
    checkMemory(backend);
    this.#givenBack = new GivenBack(backend);
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
   * @param packed Set where it is the same matrix in another order.
   */
  keepBeside(
    { dataId }: tf.TensorInfo,
    key: string,
    { bytes, fill, packed }: {
      readonly bytes: number;
      readonly packed?: PackedMatrix;
      fill(address: number): void;
    },
  ): number {
    const kept = this.#beside.get(dataId) ?? new Map<string, number>();
    const known = kept.get(key);
    if (known !== undefined) return known;
    const address = this.#allocate(bytes);
    fill(address);
    this.#beside.set(dataId, kept.set(key, address));
    this.#watched.get(dataId)?.({ dataId, key, bytes, packed });
    return kept.get(key)!; // it may have been moved
  }

  /** Be told when something was made of a tensor and is kept beside it. */
  whenMadeOf({ dataId }: tf.TensorInfo, tell: (made: MadeBeside) => void): void {
    this.#watched.set(dataId, tell);
  }

  /**
   * Give back the memory of a tensor, which is filled again when somebody asks for its numbers.
   *
   * @param refill Has its numbers, to the last bit, for as long as the tensor is there.
   */
  giveBack(tensor: tf.TensorInfo, refill: Refill): void {
    this.#givenBack.give(tensor, refill);
  }

  /**
   * Likewise, but what was made moves to where the tensor was, if it is as large: so memory is left in one piece.
   *
   * @param refill As above; it may read what was made.
   */
  moveInto(tensor: tf.TensorInfo, { dataId, key, bytes }: MadeBeside, refill: Refill): void {
    const size = tensor.shape.reduce((product, length) => product * length, 1);
    if (size * 4 !== bytes) return this.giveBack(tensor, refill);
    const to = this.#givenBack.take(tensor, refill);
    if (to === 0) return;
    const kept = this.#beside.get(dataId)!, from = kept.get(key)!;
    this.floatsAt(to, size).set(this.floatsAt(from, size));
    kept.set(key, to);
    this.#free(from);
  }

  /** A matrix out of the order that it was packed in. */
  unpack({ dataId, key, packed }: MadeBeside, to: Float32Array): void {
    const address = this.#beside.get(dataId)!.get(key)!;
    unpackMatrix(this.floatsAt(address, packedSize(packed!)), packed!, to);
  }

  /** Numbers in memory, to be looked at before any more of it is asked for. */
  floatsAt(address: number, count: number): Float32Array {
    return new Float32Array(this.#backend.wasm!.HEAPU8.buffer, address, count);
  }

  #allocate(bytes: number): number {
    return this.#backend.wasm!._malloc(bytes);
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
