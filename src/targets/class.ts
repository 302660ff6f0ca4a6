import type { Tensor1D, Tensor2D } from "../base/tensors.ts";
import type { NamedTarget, Target } from "./target.ts";

/** The score of a class for each picture, `[n]`. */
export function scoreOf(scores: Tensor2D, classIndex: number): Tensor1D {
  // A slice, since the gradient of gathering is missing on WebAssembly.
  return scores.slice([0, classIndex], [-1, 1]).reshape<Tensor1D>([-1]);
}

/** A class as a target. */
export function asTarget(classIndex: number): Target {
  return { classIndex, value: (scores) => scoreOf(scores, classIndex) };
}

/** The score of each class. */
export const classTarget: NamedTarget<"class"> = {
  name: "class",
  description: "Each class's score: what speaks for it",
  score: "output",
  ofClasses: true,
  make: ({ classes }) => classes.map(asTarget),
};
