import { assertEquals } from "@std/assert";
import { areProbabilities } from "./units.ts";

Deno.test("areProbabilities() tells probabilities from numbers that only happen to be small", async (t) => {
  const open = { finalActivation: undefined, unit: undefined } as const;
  const cases: readonly [
    name: string,
    split: Parameters<typeof areProbabilities>[0],
    scores: number[],
    boolean,
  ][] = [
    ["behind a softmax", { ...open, finalActivation: "softmax" }, [0.2, 0.8], true],
    ["behind a sigmoid, of several labels", { ...open, finalActivation: "sigmoid" }, [0.9, 0.8], true],
    ["parts that add up to 1, as of a mean of several networks", open, [0.25, 0.7499, 0], true],
    ["logits, all of them small", open, [0.48, 0.3, 0.1], false],
    ["logits that happen to add up to 1", open, [1.5, -0.5], false],
    ["a regression that is 1", { ...open, unit: "regression" }, [1], false],
    ["the logit of two classes", { ...open, unit: "logit" }, [0.4, 0.6], false],
    ["what is no number", open, [NaN, 0.5], false],
  ];
  for (const [name, split, scores, expected] of cases) {
    await t.step(name, () => assertEquals(areProbabilities(split, Float32Array.from(scores)), expected));
  }
});
