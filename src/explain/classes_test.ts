import { assertEquals, assertThrows } from "@std/assert";
import { checkClasses, classNames, repeatWarnings, topScores, wantedClasses } from "./classes.ts";
import { ClassNotFoundError } from "../base/errors.ts";

const labels = ["tabby", "Egyptian cat", "espresso"];

Deno.test("topScores() sorts, labels and cuts", () => {
  assertEquals(topScores([0.2, 0.5, 0.2], 2, labels), [
    { classIndex: 1, label: "Egyptian cat", score: 0.5 },
    { classIndex: 0, label: "tabby", score: 0.2 },
  ]);
  assertEquals(topScores([0.5], 5, undefined), [{ classIndex: 0, label: undefined, score: 0.5 }]);
  const order = (scores: number[], count: number) =>
    topScores(scores, count, labels).map((s) => s.classIndex);
  assertEquals(order([3, 1, 4, 1, 5, 9, 2, 6, 5], 4), [5, 7, 4, 8]);
  assertEquals(order([NaN, 1, NaN, -1], 3), [1, 3, 0]);
});

Deno.test("wantedClasses() takes indices and names", () => {
  assertEquals(wantedClasses({}, 3, labels), []);
  assertEquals(wantedClasses({ classIndex: 2 }, 3, labels), [2]);
  assertEquals(wantedClasses({ classIndex: [2, 1], label: ["egyptian CAT", "tabby"] }, 3, labels), [
    2,
    1,
    1,
    0,
  ]);
  assertEquals(wantedClasses({ classIndex: ["2", 1] }, 3, labels), [2, 1]);
});

Deno.test("wantedClasses() refuses what there is not", () => {
  for (const classIndex of [-1, 3, 0.5, NaN]) {
    assertThrows(() => wantedClasses({ classIndex }, 3, labels), RangeError, "classes 0 to 2");
  }
  assertThrows(
    () => wantedClasses({ label: "expresso" }, 3, labels),
    ClassNotFoundError,
    "nearest are espresso",
  );
  assertThrows(() => wantedClasses({ label: "tabby" }, 3, undefined), ClassNotFoundError, "no labels");
});

Deno.test("wantedClasses() looks for indices later where the number of classes is not known yet", () => {
  assertEquals(wantedClasses({ classIndex: 7 }, undefined, labels), [7]);
  assertThrows(() => wantedClasses({ classIndex: -1 }, undefined, labels), RangeError, "from 0");
  assertThrows(
    () => checkClasses([1, 3], 3),
    RangeError,
    "Cannot explain class 3: the model has classes 0 to 2",
  );
});

Deno.test("repeatWarnings() tells of classes asked for more than once", () => {
  assertEquals(repeatWarnings([2, 1, 0], labels), []);
  assertEquals(repeatWarnings([2, 1, 2, 2], labels), [
    "Class 2 (espresso) was asked for more than once: it is explained once",
  ]);
  assertEquals(repeatWarnings([7, 7], undefined), [
    "Class 7 was asked for more than once: it is explained once",
  ]);
});

Deno.test("classNames() names the unit by the second of two labels, as Keras numbers them", async (t) => {
  const cases:
    readonly (readonly [string, readonly string[] | undefined, boolean, readonly string[] | undefined])[] = [
      ["two labels of a unit", ["healthy", "ill"], true, ["ill", "healthy"]],
      ["one label of a unit", ["ill"], true, ["ill", "not ill"]],
      ["too many labels of a unit", labels, true, labels],
      ["no labels of a unit", undefined, true, undefined],
      ["an empty list", [], true, []],
      ["two classes of their own", ["healthy", "ill"], false, ["healthy", "ill"]],
    ];
  for (const [name, given, binary, expected] of cases) {
    await t.step(name, () => assertEquals(classNames(given, binary), expected));
  }
});
