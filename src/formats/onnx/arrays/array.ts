import { countOf } from "../../../base/tensor_info.ts";
import { type ElementType, kindOf, type Numbers } from "../element_type.ts";

/** Numbers with a shape, which are computed with when a model is opened. */
export interface NumberArray {
  readonly type: ElementType;
  readonly shape: readonly number[];
  readonly numbers: Numbers;
}

/** The largest array that is computed when a model is opened, in numbers. */
const largest = 2 ** 27;

/** An array whose numbers are to be written. */
export function makeArray(type: ElementType, shape: readonly number[]): NumberArray {
  const count = countOf(shape);
  if (!(count <= largest)) throw new RangeError(`an array [${shape.join(", ")}] is too large`);
  return { type, shape, numbers: kindOf(type).make(count) };
}

/** An array of integers of 64 bits, as shapes and axes are. */
export function integers(values: readonly number[], shape: readonly number[] = [values.length]): NumberArray {
  return { type: "int64", shape, numbers: Float64Array.from(values) };
}

/** How far apart the numbers of each axis lie. */
export function stepsOf(shape: readonly number[]): number[] {
  const steps = new Array<number>(shape.length);
  let step = 1;
  for (let axis = shape.length - 1; axis >= 0; axis--) {
    steps[axis] = step;
    step *= shape[axis]!;
  }
  return steps;
}

/** Go through all places of a shape, the last axis fastest, with where each lies by steps of one's own. */
export function forEachPlace(
  shape: readonly number[],
  steps: readonly number[],
  visit: (place: number, index: number) => void,
): void {
  const count = countOf(shape), rank = shape.length;
  const at = new Array<number>(rank).fill(0);
  for (let index = 0, place = 0; index < count; index++) {
    visit(place, index);
    for (let axis = rank - 1; axis >= 0; axis--) {
      place += steps[axis]!;
      if (++at[axis]! < shape[axis]!) break;
      place -= steps[axis]! * shape[axis]!;
      at[axis] = 0;
    }
  }
}

/** An axis that may count from the end. */
export function axisOf(axis: number, rank: number): number {
  const own = axis < 0 ? axis + rank : axis;
  if (own >= 0 && own < Math.max(rank, 1)) return own;
  throw new RangeError(`there is no axis ${axis} of ${rank}`);
}

/** The shape that two are spread to. */
export function broadcastShape(a: readonly number[], b: readonly number[]): number[] {
  const rank = Math.max(a.length, b.length);
  return Array.from({ length: rank }, (_, at) => {
    const x = a[at - rank + a.length] ?? 1, y = b[at - rank + b.length] ?? 1;
    if (x !== y && x !== 1 && y !== 1) {
      throw new RangeError(`[${a.join(", ")}] and [${b.join(", ")}] do not fit`);
    }
    return x === 1 ? y : x;
  });
}

/** The steps of an array that is spread to a shape: none along axes that it has one number of. */
export function broadcastSteps(own: readonly number[], shape: readonly number[]): number[] {
  const steps = stepsOf(own), lead = shape.length - own.length;
  return shape.map((_, axis) => axis < lead || own[axis - lead] === 1 ? 0 : steps[axis - lead]!);
}

/** Where each number of a shape stands in an array that is spread to it; `undefined` where each stands at its own place. */
export function spreadPlaces(own: readonly number[], shape: readonly number[]): Int32Array | undefined {
  const count = countOf(shape);
  if (countOf(own) === count) return undefined; // axes of one number alone were added
  const places = new Int32Array(count);
  forEachPlace(shape, broadcastSteps(own, shape), (place, index) => places[index] = place);
  return places;
}
