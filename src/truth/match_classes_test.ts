import { assertEquals } from "@std/assert";
import { ClassMatcher } from "./match_classes.ts";

const labels = [
  "tabby, tabby cat",
  "crane",
  "hot dog, hotdog, red hot",
  "Crane",
  "crane",
  "maillot",
  "maillot, tank suit",
];

Deno.test("ClassMatcher finds a class by its name, but for capitals and separators, else by a synonym", () => {
  const matcher = new ClassMatcher(labels, labels.length, { cat: "tabby cat", person: 5, thing: "no such" });
  const found = (classIndex: number) => ({ kind: "found" as const, classIndex });
  assertEquals(matcher.match("tabby, tabby cat"), found(0));
  assertEquals(matcher.match("Tabby_Cat"), found(0));
  assertEquals(matcher.match("hot-dog"), found(2));
  assertEquals(matcher.match("Crane"), found(3)); // exactly
  assertEquals(matcher.match("crane"), { kind: "ambiguous", classes: [1, 4] });
  assertEquals(matcher.match("CRANE"), { kind: "ambiguous", classes: [1, 3, 4] });
  assertEquals(matcher.match("maillot"), found(5)); // the whole label before a synonym
  assertEquals(matcher.match("dog"), { kind: "unknown" });
  assertEquals(matcher.match("cat"), found(0));
  assertEquals(matcher.match("person"), found(5));
  assertEquals(matcher.match("thing"), { kind: "unknown" });
  assertEquals(matcher.match("constructor"), { kind: "unknown" });
});

Deno.test("ClassMatcher takes an index before a name, and one of ImageNet where the model has its classes", () => {
  const object = { label: "crane", boxes: [], mask: undefined };
  const of = (classes: number, more: object) =>
    new ClassMatcher(labels, classes).classOf({ ...object, ...more });
  assertEquals(of(7, { classIndex: 2, imagenet: 900 }), { kind: "found", classIndex: 2 });
  assertEquals(of(7, { classIndex: 7 }), { kind: "unknown" });
  assertEquals(of(1000, { imagenet: 900 }), { kind: "found", classIndex: 900 });
  assertEquals(of(1001, { imagenet: 900 }), { kind: "found", classIndex: 901 });
  assertEquals(of(7, { imagenet: 900 }), { kind: "ambiguous", classes: [1, 4] });
  assertEquals(of(7, { label: undefined }), undefined);
});
