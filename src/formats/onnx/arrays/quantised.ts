import { countOf } from "../../../base/tensor_info.ts";
import { type ElementType, kindOfCode } from "../element_type.ts";
import { axisOf, forEachPlace, makeArray, type NumberArray } from "./array.ts";
import { roundHalfToEven } from "./elementwise.ts";
import type { Folder, Folders } from "./folder.ts";

/** The smallest and the largest number of an integer type. */
export function rangeOf(type: ElementType): readonly [number, number] {
  const bits = Number(/\d+$/.exec(type)?.[0] ?? 8);
  return type.startsWith("u") ? [0, 2 ** bits - 1] : [-(2 ** (bits - 1)), 2 ** (bits - 1) - 1];
}

/** For each number of an array, which of the scales is its own: one for all, for each along an axis, or for each block. */
export function scalePlaces(shape: readonly number[], scales: readonly number[], axis: number): Int32Array {
  const places = new Int32Array(countOf(shape));
  if (countOf(scales) === 1) return places;
  if (scales.length === 1) {
    const inner = countOf(shape.slice(axis + 1)), size = shape[axis]!;
    return places.map((_, at) => Math.floor(at / inner) % size);
  }
  const block = Math.ceil(shape[axis]! / scales[axis]!);
  const inner = countOf(shape.slice(axis + 1)), size = shape[axis]!;
  forEachPlace(shape, shape.map(() => 0), (_, at) => {
    const along = Math.floor(at / inner) % size, outer = Math.floor(at / (inner * size));
    places[at] = (outer * scales[axis]! + Math.floor(along / block)) * inner + at % inner;
  });
  return places;
}

const dequantise: Folder = ({ arrays: [x, scale, zero], attributes }) => {
  const axis = scale!.shape.length === 0 ? 0 : axisOf(attributes.int("axis", 1), x!.shape.length);
  const places = scalePlaces(x!.shape, scale!.shape, axis);
  const result = makeArray(scale!.type, x!.shape);
  places.forEach((place, at) => {
    result.numbers[at] = (x!.numbers[at]! - (zero?.numbers[place] ?? 0)) * scale!.numbers[place]!;
  });
  return [result];
};

const quantise: Folder = ({ arrays: [x, scale, zero], attributes }) => {
  const type = zero?.type ?? kindOfCode(attributes.int("output_dtype", 2))?.type ?? "uint8";
  const axis = scale!.shape.length === 0 ? 0 : axisOf(attributes.int("axis", 1), x!.shape.length);
  const places = scalePlaces(x!.shape, scale!.shape, axis), [least, most] = rangeOf(type);
  const result = makeArray(type, x!.shape);
  places.forEach((place, at) => {
    const value = roundHalfToEven(Math.fround(x!.numbers[at]! / scale!.numbers[place]!)) +
      (zero?.numbers[place] ?? 0);
    result.numbers[at] = Math.min(most, Math.max(least, value));
  });
  return [result];
};

const quantiseByRange: Folder = ({ arrays: [x] }) => {
  let low = 0, high = 0;
  for (const value of x!.numbers) [low, high] = [Math.min(low, value), Math.max(high, value)];
  const scale = Math.fround((high - low) / 255) || 1;
  const zero = Math.min(255, Math.max(0, roundHalfToEven(Math.fround(-low / scale))));
  const one = (type: ElementType, value: number): NumberArray => {
    const array = makeArray(type, []);
    array.numbers[0] = value;
    return array;
  };
  const result = makeArray("uint8", x!.shape);
  x!.numbers.forEach((value, at) => {
    result.numbers[at] = Math.min(255, Math.max(0, roundHalfToEven(Math.fround(value / scale)) + zero));
  });
  return [result, one("float32", scale), one("uint8", zero)];
};

/** Numbers in eight bits and back. */
export const quantisedFolders: Folders = {
  DequantizeLinear: dequantise,
  DynamicQuantizeLinear: quantiseByRange,
  QuantizeLinear: quantise,
};
