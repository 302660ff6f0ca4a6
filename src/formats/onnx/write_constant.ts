import { countOf } from "../../base/tensor_info.ts";
import { transposeInto, transposeRows } from "./arrays/transpose.ts";
import { kindOf, type Numbers } from "./element_type.ts";
import { inOrder, sameAxes } from "./layout.ts";
import type { WeightLayout } from "./translator.ts";
import type { Axes, Constant } from "./value.ts";

/** How many numbers are read at a time where a type is not held as weights are. */
const partSize = 2 ** 18;

/** Write a constant's numbers in another order of their axes, some at a time where they can be read so. */
function writeInOrder(target: Float32Array, constant: Constant, order: Axes): void {
  const { type, shape, readPart } = constant;
  if (!readPart) return transposeInto(target, constant.read(), shape, order);
  const rowSize = countOf(shape.slice(1));
  let scratch: Numbers | undefined; // all but the last rows are as many
  const read = (first: number, count: number) => {
    scratch ??= kindOf(type).make(count * rowSize);
    const numbers = scratch.subarray(0, count * rowSize);
    readPart(first * rowSize, numbers);
    return numbers;
  };
  transposeRows(target, read, shape, order);
}

/** Write a constant's numbers as they are, those of single precision straight where they stay. */
function writeAsTheyAre(target: Float32Array, { type, read, readPart }: Constant): void {
  if (!readPart) return target.set(read());
  const { isSingle, make } = kindOf(type);
  if (isSingle) return readPart(0, target);
  const scratch = make(Math.min(partSize, target.length));
  for (let start = 0; start < target.length; start += partSize) {
    const numbers = scratch.subarray(0, target.length - start);
    readPart(start, numbers);
    target.set(numbers, start);
  }
}

/** Write a constant's numbers as they are to be stored. */
export function writeInto(
  target: Float32Array,
  constant: Constant,
  { order, factor = 1 }: WeightLayout,
): void {
  if (order && !sameAxes(order, inOrder(order.length))) writeInOrder(target, constant, order);
  else writeAsTheyAre(target, constant);
  if (factor !== 1) { for (let at = 0; at < target.length; at++) target[at]! *= factor; }
}
