import { assertEquals, assertNotEquals } from "@std/assert";
import type { PlainExplanation } from "./answers.ts";
import { explanationOf, keyOf, lookKeyOf, lookOf, type Wish } from "./wish.ts";

const wish: Wish = {
  photo: 1,
  exact: false,
  model: "default",
  input: undefined,
  inputs: {},
  files: {},
  classIndex: undefined,
  versus: undefined,
  layer: undefined,
  method: undefined,
  told: {},
};

const others: readonly Partial<Wish>[] = [
  { photo: 11 },
  { exact: true },
  { model: "birds" },
  { inputs: { age: "3" } },
  { files: { other: { id: 4, file: new File([], "a") } } },
  { classIndex: 0 },
  { versus: 0 },
  { told: { samples: "3" } },
  { layer: "a" },
  { method: "a" },
];

Deno.test("keyOf() tells wishes from each other by everything that an answer depends on", () => {
  for (const one of others) {
    assertNotEquals(keyOf({ ...wish, ...one }), keyOf(wish), JSON.stringify(one));
    const isOfMap = ["classIndex", "versus", "layer", "method", "told"].includes(Object.keys(one)[0]!);
    assertEquals(lookKeyOf({ ...wish, ...one }) === lookKeyOf(wish), isOfMap, JSON.stringify(one));
  }
  assertEquals(keyOf({ ...wish, inputs: { age: " " } }), keyOf(wish), "an empty field is none");
});

Deno.test("explanationOf() and lookOf() give nothing of another photo or model", () => {
  const explanation = { layer: "a" } as PlainExplanation;
  const answers = new Map([[keyOf({ ...wish, classIndex: 3 }), { kind: "done", explanation } as const]]);
  assertEquals(explanationOf({ answers }, wish), undefined);
  assertEquals(explanationOf({ answers }, { ...wish, classIndex: 3 }), explanation);
  assertEquals(
    lookOf({ answers }, { ...wish, layer: "b" }),
    explanation,
    "scores do not depend on the layer",
  );
  for (const one of others.slice(0, 5)) assertEquals(lookOf({ answers }, { ...wish, ...one }), undefined);
});
