import { countOf } from "../../../base/tensor_info.ts";
import { isFloat, kindOfCode } from "../element_type.ts";
import {
  axisOf,
  broadcastSteps,
  forEachPlace,
  integers,
  makeArray,
  type NumberArray,
  stepsOf,
} from "./array.ts";
import type { Folder, Folders, FoldRequest } from "./folder.ts";
import {
  expandedShape,
  reshapedShape,
  sliceRanges,
  splitSizes,
  squeezedShape,
  unsqueezedShape,
} from "./shapes.ts";
import { transposeInto } from "./transpose.ts";

/** Axes that are given as an attribute, or from some opset on as an input. */
export function axesGiven({ arrays, attributes }: FoldRequest, input = 1): number[] | undefined {
  const given = arrays[input]?.numbers ?? attributes.ints("axes");
  return given && Array.from(given);
}

function withShape(x: NumberArray, shape: readonly number[]): NumberArray {
  return { ...x, shape };
}

/** An array in another order of its axes. */
export function transposed(x: NumberArray, order: readonly number[]): NumberArray {
  const result = makeArray(x.type, order.map((axis) => x.shape[axis]!));
  transposeInto(result.numbers, x.numbers, x.shape, order);
  return result;
}

/** The numbers of an array at a place for each of the result's. */
function gathered(x: NumberArray, shape: readonly number[], placeOf: (index: number) => number): NumberArray {
  const result = makeArray(x.type, shape);
  for (let at = 0; at < result.numbers.length; at++) result.numbers[at] = x.numbers[placeOf(at)]!;
  return result;
}

/** Part of an array, along each axis from a start in steps. */
export function sliced(
  x: NumberArray,
  starts: readonly number[],
  steps: readonly number[],
  shape: readonly number[],
): NumberArray {
  const own = stepsOf(x.shape);
  const start = starts.reduce((sum, at, axis) => sum + at * own[axis]!, 0);
  const result = makeArray(x.type, shape);
  forEachPlace(shape, own.map((step, axis) => step * steps[axis]!), (place, index) => {
    result.numbers[index] = x.numbers[start + place]!;
  });
  return result;
}

/** Arrays one after another along an axis. */
export function concatenated(arrays: readonly NumberArray[], axis: number): NumberArray {
  const [first] = arrays as [NumberArray];
  const length = arrays.reduce((sum, { shape }) => sum + shape[axis]!, 0);
  const result = makeArray(first.type, first.shape.with(axis, length));
  const inner = countOf(first.shape.slice(axis + 1)), outer = countOf(first.shape.slice(0, axis));
  let start = 0;
  for (const { shape, numbers } of arrays) {
    const run = shape[axis]! * inner;
    for (let block = 0; block < outer; block++) {
      result.numbers.set(numbers.subarray(block * run, (block + 1) * run), block * length * inner + start);
    }
    start += run;
  }
  return result;
}

/** An array spread to a shape. */
export function spread(x: NumberArray, shape: readonly number[]): NumberArray {
  const result = makeArray(x.type, shape);
  forEachPlace(shape, broadcastSteps(x.shape, shape), (place, index) => {
    result.numbers[index] = x.numbers[place]!;
  });
  return result;
}

/** Numbers at indices along an axis. */
export function taken(x: NumberArray, indices: NumberArray, axis: number): NumberArray {
  const inner = countOf(x.shape.slice(axis + 1)), length = x.shape[axis]!;
  const shape = [...x.shape.slice(0, axis), ...indices.shape, ...x.shape.slice(axis + 1)];
  const count = indices.numbers.length;
  return gathered(x, shape, (at) => {
    const index = indices.numbers[Math.floor(at / inner) % count]!;
    const outer = Math.floor(at / (inner * count));
    return (outer * length + (index < 0 ? index + length : index)) * inner + at % inner;
  });
}

/** A number of four bits, of one that may have more. */
function fourBits(value: number, type: NumberArray["type"]): number {
  const bits = value & 0xf;
  return type === "int4" && bits > 7 ? bits - 16 : bits;
}

/** Numbers of another type. */
export function converted(x: NumberArray, type: NumberArray["type"]): NumberArray {
  if (type === x.type) return x;
  const result = makeArray(type, x.shape);
  const cut = isFloat(x.type) && !isFloat(type);
  const convert = type === "bool"
    ? (value: number) => Number(value !== 0)
    : type.endsWith("int4")
    ? (value: number) => fourBits(value, type)
    : cut
    ? Math.trunc
    : (value: number) => value;
  for (let at = 0; at < x.numbers.length; at++) result.numbers[at] = convert(x.numbers[at]!);
  return result;
}

const reshape: Folder = ({ arrays: [x, shape], attributes }) => {
  const target = Array.from(shape?.numbers ?? attributes.ints("shape") ?? []);
  return [withShape(x!, reshapedShape(x!.shape, target, attributes.int("allowzero", 0) === 1))];
};

const slice: Folder = ({ arrays: [x, starts, ends, axes, steps], attributes }) => {
  const list = (array: NumberArray | undefined, name: string) => {
    const given = array?.numbers ?? attributes.ints(name);
    return given && Array.from(given);
  };
  const ranges = sliceRanges(x!.shape, {
    starts: list(starts, "starts") ?? [],
    ends: list(ends, "ends") ?? [],
    axes: list(axes, "axes"),
    steps: list(steps, "steps"),
  });
  return [sliced(x!, ranges.starts, ranges.steps, ranges.shape)];
};

const split: Folder = ({ arrays: [x, given], attributes, outputs }) => {
  const axis = axisOf(attributes.int("axis", 0), x!.shape.length);
  const sizes = splitSizes(
    x!.shape[axis]!,
    outputs,
    given ? Array.from(given.numbers) : attributes.ints("split"),
  );
  let start = 0;
  return sizes.map((size) => {
    const starts = x!.shape.map((_, at) => at === axis ? start : 0);
    start += size;
    return sliced(x!, starts, x!.shape.map(() => 1), x!.shape.with(axis, size));
  });
};

const range: Folder = ({ arrays }) => {
  const [start, limit, delta] = arrays.map((array) => array!.numbers[0]!) as [number, number, number];
  const count = Math.max(0, Math.ceil((limit - start) / delta));
  const result = makeArray(arrays[0]!.type, [count]);
  for (let at = 0; at < count; at++) result.numbers[at] = start + at * delta;
  return [result];
};

const tile: Folder = ({ arrays: [x, repeats] }) => {
  let result = x!;
  repeats!.numbers.forEach((times, axis) => {
    result = concatenated(Array.from({ length: times }, () => result), axis);
  });
  return [result];
};

/** Shapes, parts and orders of constants. */
export const shapingFolders: Folders = {
  Cast({ arrays: [x], attributes }) {
    const kind = kindOfCode(attributes.int("to", 0));
    if (!kind) throw new RangeError("its type is not known");
    return [converted(x!, kind.type)];
  },
  CastLike: ({ arrays: [x, like] }) => [converted(x!, like!.type)],
  Concat: ({ arrays, attributes }) => [
    concatenated(arrays as NumberArray[], axisOf(attributes.int("axis", 1), arrays[0]!.shape.length)),
  ],
  Expand: ({ arrays: [x, shape] }) => [spread(x!, expandedShape(x!.shape, Array.from(shape!.numbers)))],
  Flatten({ arrays: [x], attributes }) {
    const axis = attributes.int("axis", 1);
    const at = axis < 0 ? axis + x!.shape.length : axis;
    return [withShape(x!, [countOf(x!.shape.slice(0, at)), countOf(x!.shape.slice(at))])];
  },
  Gather: ({ arrays: [x, indices], attributes }) => [
    taken(x!, indices!, axisOf(attributes.int("axis", 0), x!.shape.length)),
  ],
  Range: range,
  Reshape: reshape,
  Shape({ arrays: [x], attributes }) {
    return [integers(x!.shape.slice(attributes.int("start", 0), attributes.int("end")))];
  },
  Size: ({ arrays: [x] }) => [integers([countOf(x!.shape)], [])],
  Slice: slice,
  Split: split,
  Squeeze: (request) => [
    withShape(request.arrays[0]!, squeezedShape(request.arrays[0]!.shape, axesGiven(request))),
  ],
  Tile: tile,
  Transpose: ({ arrays: [x], attributes }) => [
    transposed(x!, attributes.ints("perm") ?? x!.shape.map((_, at) => x!.shape.length - 1 - at)),
  ],
  Unsqueeze: (request) => [
    withShape(request.arrays[0]!, unsqueezedShape(request.arrays[0]!.shape, axesGiven(request) ?? [])),
  ],
};

/** Numbers of one value, whatever their type. */
export function filled(type: NumberArray["type"], shape: readonly number[], value: number): NumberArray {
  const result = makeArray(type, shape);
  if (value !== 0) result.numbers.fill(value);
  return result;
}
