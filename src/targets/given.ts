import type { Tensor, Tensor1D, Tensor2D } from "../base/tensors.ts";
import { shapeText } from "../base/tensor_info.ts";
import type { NamedTarget, TargetFunction } from "./target.ts";

/** The shape of one picture's output, with what is unknown worked out of how many numbers there are. */
function shapeFor(shape: readonly (number | null)[], count: number): number[] {
  const sizes = shape.slice(1);
  const known = sizes.reduce<number>((product, size) => product * (size ?? 1), 1);
  if (sizes.filter((size) => size === null).length > 1) {
    throw new RangeError(
      `Cannot explain a function of an output [${shapeText(shape)}]: more than one of its sizes is open`,
    );
  }
  return [1, ...sizes.map((size) => size ?? count / known)];
}

/** What a function makes of the scores of one picture, `[1]`. */
function apply(give: TargetFunction, scores: Tensor2D, shape: readonly number[]): Tensor1D {
  const value: Tensor | undefined = give(scores.reshape([...shape]));
  if (typeof value?.size !== "number") throw new TypeError("Cannot explain a target that gives no tensor");
  if (value.size !== 1) {
    throw new RangeError(`Cannot explain a target that gives [${value.shape}]: it must give one number`);
  }
  return value.reshape<Tensor1D>([1]);
}

/** A number that the user's function makes of the output. */
export const givenTarget: NamedTarget<"function"> = {
  name: "function",
  description: "A number that a function of yours makes of the output; in the library alone",
  score: "output",
  flat: true,
  ofClasses: false,
  make({ given, outputShape, scores }) {
    if (!given) throw new RangeError("Cannot explain a function of the output: give it as the option target");
    const shape = shapeFor(outputShape, scores.length);
    return [{
      classIndex: 0,
      title: given.name || "a function of the output",
      value(all) {
        const pictures = all.shape[0];
        if (pictures === 1) return apply(given, all, shape);
        const [first, ...others] = all.split(pictures, 0).map((one) => apply(given, one as Tensor2D, shape));
        return others.length === 0 ? first! : first!.concat(others) as Tensor1D;
      },
    }];
  },
};
