import { ModelError } from "../base/errors.ts";
import { quote } from "../base/quote.ts";
import type { StoredWeight } from "./tfjs_weights.ts";

/** A typed view on bytes, which are copied where they do not begin at one of its items. */
function view<T>(
  { bytes }: StoredWeight,
  type: { new (buffer: ArrayBuffer, start: number, length: number): T; readonly BYTES_PER_ELEMENT: number },
): T {
  const size = type.BYTES_PER_ELEMENT;
  const aligned = bytes.byteOffset % size === 0 ? bytes : bytes.slice();
  return new type(aligned.buffer, aligned.byteOffset, aligned.length / size);
}

/** Numbers as they are stored, of a type that takes no more room than float32. */
type Stored = Float32Array | Float16Array | Int32Array | Uint16Array | Uint8Array;

/** How the numbers of each type are read. */
const views: Readonly<Record<string, (weight: StoredWeight) => Stored>> = {
  float32: (weight) => view(weight, Float32Array),
  float16: (weight) => view(weight, Float16Array),
  int32: (weight) => view(weight, Int32Array),
  uint16: (weight) => view(weight, Uint16Array),
  uint8: ({ bytes }) => bytes,
  bool: ({ bytes }) => bytes,
};

/** A loop, which V8 makes faster than `set` where numbers are to be converted. */
function convert(stored: Exclude<Stored, Float32Array>, target: Float32Array): void {
  for (let index = 0; index < target.length; index++) target[index] = stored[index]!;
}

function dequantise(
  stored: Stored,
  { min = 0, scale = 1 }: { min?: number; scale?: number },
  target: Float32Array,
) {
  for (let index = 0; index < target.length; index++) target[index] = stored[index]! * scale + min;
}

/**
 * Write a weight's numbers as float32.
 *
 * @param target Where they are written to.
 * @param weight The weight, as its file has it.
 * @param model What to call the model in messages.
 * @throws {ModelError} If they are of a type that is not known.
 */
export function decodeInto(target: Float32Array, weight: StoredWeight, model: string): void {
  const { name, dtype, quantization } = weight.spec;
  const stored = views[quantization?.dtype ?? dtype]?.(weight);
  if (!stored) {
    throw new ModelError(
      `Cannot open model ${quote(model)}: its weight ${quote(name)} is of type ${
        quote(dtype)
      }: convert it to float32`,
    );
  }
  if (stored instanceof Float32Array) return target.set(stored);
  if (quantization?.scale === undefined) return convert(stored, target);
  dequantise(stored, quantization, target);
  if (dtype === "int32") {
    for (let index = 0; index < target.length; index++) target[index] = Math.round(target[index]!);
  }
}
