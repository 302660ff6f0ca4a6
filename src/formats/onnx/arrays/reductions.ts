import { isFloat } from "../element_type.ts";
import { axisOf, forEachPlace, makeArray, type NumberArray } from "./array.ts";
import type { Folder, Folders, FoldRequest } from "./folder.ts";

/** The opset from which on axes are an input. */
const axesAsInput: Readonly<Record<string, number>> = { ReduceSum: 13 };

/** The axes that a node reduces. */
function reducedAxes({ arrays: [x, axes], attributes, opset }: FoldRequest, operator: string): number[] {
  const { length } = x!.shape;
  const given = opset >= (axesAsInput[operator] ?? 18)
    ? axes && Array.from(axes.numbers)
    : attributes.ints("axes");
  if (given?.length) return given.map((axis) => axisOf(axis, length));
  const isLeft = attributes.int("noop_with_empty_axes", 0) === 1;
  return isLeft ? [] : x!.shape.map((_, axis) => axis);
}

/** The rows that become one number each, in the order of the result. */
function rowsOf({ shape, numbers }: NumberArray, axes: readonly number[]): number[][] {
  const sizes = shape.map((size, axis) => axes.includes(axis) ? 1 : size);
  const steps = sizes.map((_, axis) =>
    axes.includes(axis) ? 0 : sizes.slice(axis + 1).reduce((product, size) => product * size, 1)
  );
  const rows = Array.from({ length: sizes.reduce((product, size) => product * size, 1) }, (): number[] => []);
  forEachPlace(shape, steps, (row, at) => rows[row]!.push(numbers[at]!));
  return rows;
}

function reduction(operator: string, reduce: (row: readonly number[]) => number): Folder {
  return (request) => {
    const { arrays: [x], attributes } = request;
    const axes = reducedAxes(request, operator);
    const keeps = attributes.int("keepdims", 1) === 1;
    const shape = x!.shape.flatMap((size, axis) => !axes.includes(axis) ? [size] : keeps ? [1] : []);
    const result = makeArray(x!.type, shape);
    const round = isFloat(x!.type) ? (value: number) => value : Math.trunc;
    rowsOf(x!, axes).forEach((row, at) => result.numbers[at] = round(reduce(row)));
    return [result];
  };
}

const sum = (row: readonly number[]) => row.reduce((total, value) => total + value, 0);

/** What is made of each row of numbers, by the operator. */
const reducers: Readonly<Record<string, (row: readonly number[]) => number>> = {
  ReduceL1: (row) => sum(row.map(Math.abs)),
  ReduceL2: (row) => Math.sqrt(sum(row.map((value) => value * value))),
  ReduceMax: (row) => row.reduce((most, value) => Math.max(most, value), -Infinity),
  ReduceMean: (row) => sum(row) / row.length,
  ReduceMin: (row) => row.reduce((least, value) => Math.min(least, value), Infinity),
  ReduceProd: (row) => row.reduce((product, value) => product * value, 1),
  ReduceSum: sum,
  ReduceSumSquare: (row) => sum(row.map((value) => value * value)),
};

/** Figures of the numbers along axes. */
export const reductionFolders: Folders = Object.fromEntries(
  Object.entries(reducers).map(([operator, reduce]) => [operator, reduction(operator, reduce)]),
);
