/**
 * Tensors whose numbers are written where they will stay. TensorFlow.js fills a weight before its numbers are known, and
 * copies them when they are; on WebAssembly, memory that is only reserved takes no room until it is written to.
 *
 * @module
 */
import * as tf from "../src/base/tfjs.ts";
import type { BackendWasm } from "npm:@tensorflow/tfjs-backend-wasm@4.22.0";

/** A backend as it stands behind TensorFlow.js's class for WebAssembly. */
type WasmMemory = Pick<BackendWasm, "makeOutput"> & {
  readonly wasm: { readonly HEAPU8: Uint8Array };
  readonly dataIdMap: { get(dataId: object): { readonly memoryOffset: number } };
};

/** Tensors that were reserved and not yet filled, and where their numbers belong. */
const reserved = new WeakMap<object, () => Float32Array>();

/** Memory of the WebAssembly module that nobody has written to. */
function reserveInWasm(shape: number[], size: number): tf.Tensor {
  const backend = tf.backend() as unknown as WasmMemory;
  const output = backend.makeOutput(shape, "float32"); // as its kernels do for what they compute
  const tensor = tf.engine().makeTensorFromTensorInfo(output);
  const { memoryOffset } = backend.dataIdMap.get(output.dataId);
  // The view is made when it is used: as the memory grows, views on what it was go out of date.
  reserved.set(output.dataId, () => new Float32Array(backend.wasm.HEAPU8.buffer, memoryOffset, size));
  return tensor;
}

/** An array of JavaScript, which other backends take over as it is when they first compute with it. */
function reserveInArray(shape: number[], size: number): tf.Tensor {
  const values = new Float32Array(size);
  const tensor = tf.tensor(values, shape);
  reserved.set(tensor.dataId, () => values);
  return tensor;
}

/**
 * Make a tensor of float32 whose numbers are not known yet. Nothing may be computed with it before
 * {@linkcode fillTensor}.
 *
 * @throws {RangeError} If there is no memory for it.
 */
export function reserveTensor(shape: readonly number[]): tf.Tensor {
  const size = shape.reduce((product, length) => product * length, 1);
  const reserve = tf.getBackend() === "wasm" && size > 0 ? reserveInWasm : reserveInArray;
  return reserve([...shape], size);
}

/** Whether a tensor, or the variable that was made of it, waits for its numbers. */
export function isReserved({ dataId }: tf.Tensor): boolean {
  return reserved.has(dataId);
}

/**
 * Give a tensor that was reserved, or the variable that was made of it, its numbers.
 *
 * @param write Writes all of them before it returns; it must not compute with TensorFlow.js. What it throws is
 * thrown.
 */
export function fillTensor({ dataId }: tf.Tensor, write: (values: Float32Array) => void): void {
  const values = reserved.get(dataId)!();
  reserved.delete(dataId);
  write(values);
}
