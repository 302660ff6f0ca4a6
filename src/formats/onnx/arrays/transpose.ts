import { countOf } from "../../../base/tensor_info.ts";
import type { Numbers } from "../element_type.ts";
import { stepsOf } from "./array.ts";

/** How many numbers are moved at a time, so that they stay within the processor's caches, and the least rows of them. */
const blockSize = 2 ** 16, leastRows = 16;

/** An axis that is walked along: how many places, and how far apart they lie in either array. */
interface Walk {
  readonly size: number;
  readonly from: number;
  readonly to: number;
}

/** Neighbouring axes that are walked along as one. */
function merged(walks: readonly Walk[]): Walk[] {
  const result: Walk[] = [];
  for (const walk of walks.filter(({ size }) => size !== 1)) {
    const outer = result.at(-1);
    const isOne = outer && outer.from === walk.size * walk.from && outer.to === walk.size * walk.to;
    if (isOne) result[result.length - 1] = { ...walk, size: outer.size * walk.size };
    else result.push(walk);
  }
  return result;
}

/** Move numbers, along the last axis fastest, to places from a start on. */
function moveAlong(walks: readonly Walk[], numbers: Numbers, target: Numbers, start: number): void {
  const { size, from: read, to: write } = walks.at(-1) ?? { size: 1, from: 1, to: 1 };
  const outer = walks.slice(0, -1);
  const at = new Array<number>(outer.length).fill(0);
  let from = 0, to = start;
  while (true) {
    for (let left = size, f = from, t = to; left > 0; left--, f += read, t += write) target[t] = numbers[f]!;
    let axis = outer.length - 1;
    for (; axis >= 0; axis--) {
      const walk = outer[axis]!;
      from += walk.from;
      to += walk.to;
      if (++at[axis]! < walk.size) break;
      from -= walk.from * walk.size;
      to -= walk.to * walk.size;
      at[axis] = 0;
    }
    if (axis < 0) return;
  }
}

/** Gives the numbers of some rows of the first axis; they are read before others are asked for. */
export type RowReader = (first: number, count: number) => Numbers;

/**
 * Write numbers in another order of their axes, some rows of the first axis at a time.
 *
 * @param shape The shape that they are read in.
 * @param order Which of its axes each axis of the result is.
 */
export function transposeRows(
  target: Numbers,
  read: RowReader,
  shape: readonly number[],
  order: readonly number[],
): void {
  const count = countOf(shape), rows = shape[0] ?? 1;
  if (count === 0) return;
  const from = stepsOf(shape), to = stepsOf(order.map((axis) => shape[axis]!));
  const rowSize = count / rows, step = to[order.indexOf(0)] ?? 1;
  const most = Math.max(leastRows, Math.floor(blockSize / rowSize));
  for (let first = 0; first < rows; first += most) {
    const some = Math.min(most, rows - first);
    const walks = order.map((axis, at) => ({
      size: axis === 0 ? some : shape[axis]!,
      from: from[axis]!,
      to: to[at]!,
    }));
    moveAlong(merged(walks), read(first, some), target, first * step);
  }
}

/** Write numbers in another order of their axes. */
export function transposeInto(
  target: Numbers,
  numbers: Numbers,
  shape: readonly number[],
  order: readonly number[],
): void {
  const rowSize = countOf(shape.slice(1));
  const read = (first: number, count: number) => numbers.subarray(first * rowSize, (first + count) * rowSize);
  transposeRows(target, read, shape, order);
}
