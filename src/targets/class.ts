import type { Tensor1D } from "../base/tensors.ts";
import type { Target } from "./target.ts";

/** The score of a class. */
export function classTarget(classIndex: number): Target {
  return {
    classIndex,
    // A slice, since the gradient of gathering is missing on WebAssembly.
    value: (scores) => scores.slice([0, classIndex], [-1, 1]).reshape<Tensor1D>([-1]),
  };
}
