import { assertEquals, assertThrows } from "@std/assert";
import { topScores, wantedClasses } from "./classes.ts";
import { ClassNotFoundError } from "./errors.ts";

const labels = ["tabby", "Egyptian cat", "espresso"];

Deno.test("topScores() sorts, labels and cuts", () => {
  assertEquals(topScores([0.2, 0.5, 0.2], 2, labels), [
    { classIndex: 1, label: "Egyptian cat", score: 0.5 },
    { classIndex: 0, label: "tabby", score: 0.2 },
  ]);
  assertEquals(topScores([0.5], 5, undefined), [{ classIndex: 0, label: undefined, score: 0.5 }]);
});

Deno.test("wantedClasses() takes indices and names", () => {
  assertEquals(wantedClasses({}, 3, labels), []);
  assertEquals(wantedClasses({ classIndex: 2 }, 3, labels), [2]);
  assertEquals(wantedClasses({ classIndex: [2, 1], label: ["egyptian CAT", "tabby"] }, 3, labels), [2, 1, 0]);
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
