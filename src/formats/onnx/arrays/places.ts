import { countOf } from "../../../base/tensor_info.ts";
import { forEachPlace, type NumberArray, stepsOf } from "./array.ts";

function inside(index: number, size: number): number {
  const own = index < 0 ? index + size : index;
  if (own >= 0 && own < size) return own;
  throw new RangeError(`there is no place ${index} of ${size}`);
}

/** For each index of a GatherElements or ScatterElements, where in the array it points, the numbers one after another. */
export function elementPlaces(shape: readonly number[], indices: NumberArray, axis: number): Int32Array {
  const steps = stepsOf(shape), places = new Int32Array(indices.numbers.length);
  const without = steps.map((step, at) => at === axis ? 0 : step);
  forEachPlace(indices.shape, without, (place, index) => {
    places[index] = place + inside(indices.numbers[index]!, shape[axis]!) * steps[axis]!;
  });
  return places;
}

/** For each number that a GatherND or ScatterND takes or writes, where in the array it stands. */
export function indexedPlaces(shape: readonly number[], indices: NumberArray, batchAxes = 0): Int32Array {
  const steps = stepsOf(shape), depth = indices.shape.at(-1)!, first = batchAxes;
  const run = countOf(shape.slice(first + depth));
  const count = countOf(indices.shape.slice(0, -1)), perBatch = count / countOf(shape.slice(0, first));
  const places = new Int32Array(count * run);
  const batchStep = first === 0 ? 0 : steps[first - 1]!;
  for (let at = 0; at < count; at++) {
    let start = Math.floor(at / perBatch) * batchStep;
    for (let axis = 0; axis < depth; axis++) {
      start += inside(indices.numbers[at * depth + axis]!, shape[first + axis]!) * steps[first + axis]!;
    }
    for (let one = 0; one < run; one++) places[at * run + one] = start + one;
  }
  return places;
}
