import { scoreOf } from "./class.ts";
import type { NamedTarget } from "./target.ts";

/** The sum of the classes' scores: what speaks for any of them. */
export const sumTarget: NamedTarget<"sum"> = {
  name: "sum",
  description: "The sum of the classes' scores: what speaks for any of them",
  score: "output",
  ofClasses: true,
  make({ classes, nameOf }) {
    return [{
      classIndex: classes[0]!,
      title: classes.map(nameOf).join(" or "),
      value: (scores) =>
        classes.map((classIndex) => scoreOf(scores, classIndex)).reduce((some, one) => some.add(one)),
    }];
  },
};
