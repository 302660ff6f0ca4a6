/**
 * Numbers of four bits, two in a byte, as Keras packs them: the first in the lower half.
 *
 * @module
 */
import { countOf } from "../../base/tensor_info.ts";

/** Half as many, rounded up. */
function half(size: number): number {
  return Math.ceil(size / 2);
}

/**
 * The axis along which an array is packed; `undefined` if it cannot be one of such a shape.
 *
 * @param packed The shape in the file: that of the array but for one axis, or rows and columns of what had more axes.
 * @param shape The array's own shape.
 */
export function unpackedAxis(packed: readonly number[], shape: readonly number[]): number | undefined {
  const own = quantisedShape(packed, shape);
  if (own.length !== packed.length) return undefined;
  const differing = own.flatMap((size, axis) => size === packed[axis] ? [] : [axis]);
  if (differing.length === 0) return own.includes(1) ? own.indexOf(1) : undefined; // one number, in a byte of its own
  const [axis] = differing;
  return differing.length === 1 && packed[axis!] === half(own[axis!]!) ? axis : undefined;
}

/** The shape of what was packed: Keras from 3.14 on makes rows and columns of it first. */
export function quantisedShape(packed: readonly number[], shape: readonly number[]): readonly number[] {
  if (packed.length !== 2 || shape.length === 2) return shape;
  return [packed[0]!, countOf(shape) / packed[0]!];
}

/**
 * Numbers from −8 to 7, of bytes that hold two each.
 *
 * @param bytes The bytes, as numbers from −128 to 127.
 * @param shape The shape of the numbers.
 * @param axis Along which two are packed.
 */
export function unpack(bytes: Float32Array, shape: readonly number[], axis: number): Float32Array {
  const size = shape[axis]!;
  const inner = countOf(shape.slice(axis + 1));
  return Float32Array.from({ length: countOf(shape) }, (_, index) => {
    const outer = Math.floor(index / (inner * size));
    const place = Math.floor(index / inner) % size;
    const byte = bytes[(outer * half(size) + (place >> 1)) * inner + index % inner]! & 0xff;
    const bits = place % 2 === 0 ? byte & 0xf : byte >> 4;
    return bits < 8 ? bits : bits - 16;
  });
}
