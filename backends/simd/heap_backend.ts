import type { BackendWasm } from "npm:@tensorflow/tfjs-backend-wasm@4.22.0";

/** A backend as it stands behind TensorFlow.js's class for WebAssembly. */
export type HeapBackend = Pick<BackendWasm, "makeOutput" | "disposeData" | "dispose"> & {
  /** Its module; `null` when it has been disposed of. */
  readonly wasm: {
    /** What the module exports. */
    readonly asm?: WebAssembly.Exports;
    readonly HEAPU8: Uint8Array;
    /** Room for so many bytes; its address, 0 where there is none unless `checkMemory` was told to mind. */
    _malloc: (bytes: number) => number;
    _free(address: number): void;
    readonly tfjs: {
      registerTensor(id: number, size: number, address: number): void;
      disposeData(id: number): void;
    };
  } | null;
  readonly dataIdMap: { get(dataId: object): TensorData };
};

/** What the backend knows of a tensor. */
interface TensorData {
  readonly id: number;
  readonly shape: readonly number[];
  memoryOffset: number;
}
