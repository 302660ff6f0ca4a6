import { countOf } from "../../base/tensor_info.ts";
import type { KerasArray } from "./keras_file.ts";

/** The numbers of an array. */
export function numbersOf(array: KerasArray): Float32Array {
  const values = new Float32Array(countOf(array.shape));
  array.readInto(values);
  return values;
}

/** How far apart in memory two neighbours along each axis are. */
export function stridesOf(shape: readonly number[]): number[] {
  return shape.map((_, axis) => countOf(shape.slice(axis + 1)));
}

/** Read an array in another order: where the number at each place of the result comes from. */
function gather(
  array: KerasArray,
  shape: readonly number[],
  sourceOf: (place: readonly number[]) => number,
): KerasArray {
  return {
    name: array.name,
    shape,
    readInto(target) {
      const values = numbersOf(array);
      const place = shape.map(() => 0);
      for (let index = 0; index < target.length; index++) {
        target[index] = values[sourceOf(place)]!;
        for (let axis = shape.length - 1; axis >= 0 && ++place[axis]! === shape[axis]; axis--) {
          place[axis] = 0;
        }
      }
    },
  };
}

/**
 * An array with its axes in another order.
 *
 * @param axes Which axis each one of the result was.
 */
export function transposed(array: KerasArray, axes: readonly number[]): KerasArray {
  const strides = stridesOf(array.shape);
  const own = axes.map((axis) => strides[axis]!);
  return gather(
    array,
    axes.map((axis) => array.shape[axis]!),
    (place) => place.reduce((sum, at, axis) => sum + at * own[axis]!, 0),
  );
}

/** An array turned round along its first axes: a kernel of a convolution as one of a correlation. */
export function turned(array: KerasArray, axes: number): KerasArray {
  const strides = stridesOf(array.shape);
  return gather(array, array.shape, (place) =>
    place.reduce(
      (sum, at, axis) => sum + (axis < axes ? array.shape[axis]! - 1 - at : at) * strides[axis]!,
      0,
    ));
}

/** The same numbers in another shape. */
export function reshaped(array: KerasArray, shape: readonly number[]): KerasArray {
  return { ...array, shape, readInto: (target) => array.readInto(target) };
}

/** Arrays side by side along their last axis. */
export function joined(arrays: readonly KerasArray[]): KerasArray {
  const [first] = arrays as [KerasArray];
  const widths = arrays.map(({ shape }) => shape.at(-1)!);
  const width = widths.reduce((sum, one) => sum + one, 0);
  return {
    name: first.name,
    shape: [...first.shape.slice(0, -1), width],
    readInto(target) {
      let start = 0;
      for (const [index, array] of arrays.entries()) {
        const [values, own] = [numbersOf(array), widths[index]!];
        for (let row = 0; row * own < values.length; row++) {
          target.set(values.subarray(row * own, (row + 1) * own), row * width + start);
        }
        start += own;
      }
    },
  };
}
