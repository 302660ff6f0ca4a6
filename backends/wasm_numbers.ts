import * as tf from "../src/base/tfjs.ts";
import type { BackendWasm } from "npm:@tensorflow/tfjs-backend-wasm@4.22.0";

/** A backend as it stands behind TensorFlow.js's class for WebAssembly. */
type WasmMemory = Pick<BackendWasm, "makeOutput"> & {
  readonly wasm: { readonly HEAPU8: Uint8Array };
  readonly dataIdMap: { get(dataId: object): { readonly memoryOffset: number } | undefined };
};

/** The numbers of a tensor where they lie; `undefined` if they are not there, or of another type. */
function numbersOf({ dataId, size, dtype }: tf.Tensor): Float32Array | undefined {
  const backend = tf.backend() as unknown as WasmMemory;
  const offset = backend.dataIdMap.get(dataId)?.memoryOffset;
  if (!offset || dtype !== "float32") return undefined;
  return new Float32Array(backend.wasm.HEAPU8.buffer, offset, size);
}

/**
 * Make a tensor of others in WebAssembly's memory by a loop of JavaScript, where TensorFlow.js would need several.
 *
 * @param shape Its shape.
 * @param of The others.
 * @param write Writes all of its numbers; it must not compute with TensorFlow.js.
 * @returns `undefined` on other backends, or if one of the others lies elsewhere.
 */
export function makeInWasm(
  shape: readonly number[],
  of: readonly tf.Tensor[],
  write: (to: Float32Array, from: readonly Float32Array[]) => void,
): tf.Tensor | undefined {
  if (tf.getBackend() !== "wasm") return undefined;
  const backend = tf.backend() as unknown as WasmMemory;
  const made = tf.engine().makeTensorFromTensorInfo(backend.makeOutput([...shape], "float32"));
  // Views are made now, since the memory may have grown.
  const [to, ...from] = [made, ...of].map(numbersOf);
  if (!to || from.includes(undefined)) {
    made.dispose();
    return undefined;
  }
  write(to, from as Float32Array[]);
  return made;
}
