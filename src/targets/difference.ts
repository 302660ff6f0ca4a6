import { scoreOf } from "./class.ts";
import type { NamedTarget } from "./target.ts";

/** The score of each class less that of another: what speaks for the one and against the other, y^c − y^d. */
export const differenceTarget: NamedTarget<"difference"> = {
  name: "difference",
  description: "Each class's score less that of another (versus): why the one and not the other",
  score: "output",
  ofClasses: true,
  make({ classes, versus, nameOf }) {
    if (versus === undefined) throw new RangeError("Cannot explain a difference: say versus which class");
    return classes.filter((classIndex) => classIndex !== versus).map((classIndex) => ({
      classIndex,
      title: `${nameOf(classIndex)} rather than ${nameOf(versus)}`,
      value: (scores) => scoreOf(scores, classIndex).sub(scoreOf(scores, versus)),
    }));
  },
};
