import { scoreOf } from "./class.ts";
import type { NamedTarget } from "./target.ts";

/** The other sign of each class's score: what makes a regression's number lower, or speaks against a class, −y^c. */
export const lowerTarget: NamedTarget<"lower"> = {
  name: "lower",
  description: "The other sign of each score: what makes a number lower, or speaks against a class",
  score: "output",
  ofClasses: true,
  make({ classes, nameOf }) {
    return classes.map((classIndex) => ({
      classIndex,
      title: `less of ${nameOf(classIndex)}`,
      value: (scores) => scoreOf(scores, classIndex).neg(),
    }));
  },
};
