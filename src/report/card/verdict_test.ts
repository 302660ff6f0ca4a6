import { assert, assertEquals, assertStringIncludes } from "@std/assert";
import type { TrustEvidence } from "./evidence.ts";
import type { CheckName, Outcome } from "./finding.ts";
import { madeUpEvidence } from "./testing.ts";
import { findingsOf, judgeMap, type VerdictName } from "./verdict.ts";

/** Areas as parts of a score of 0.8, and those of random maps. */
function areas(value: number, random: number) {
  return { value: value * 0.8, random: random * 0.8, whole: 0.8 };
}

const none = { value: undefined, random: 0.3, whole: 0.8, why: "The map is flat" };

Deno.test("findingsOf() tells what each number means", async (t) => {
  const cases: readonly (readonly [CheckName, Partial<TrustEvidence>, Outcome, string])[] = [
    ["diagnosis", {}, "good", "speaks for the class"],
    [
      "diagnosis",
      { diagnosis: "flat", advice: "Try an earlier layer" },
      "bad",
      "mean nothing. Try an earlier layer.",
    ],
    ["diagnosis", { diagnosis: "all-negative" }, "bad", "speaks against this class"],
    ["diagnosis", { diagnosis: "saturated" }, "bad", "so sure"],
    ["diagnosis", { diagnosis: "disconnected" }, "bad", "does not depend"],
    ["diagnosis", { diagnosis: "non-finite" }, "bad", "no numbers"],
    [
      "deletion",
      { deletion: areas(0.2, 0.5) },
      "good",
      "much sooner than hiding random places: on average 20 % of it is left, against 50 %.",
    ],
    ["deletion", { deletion: areas(0.39, 0.5) }, "good", "much sooner"],
    ["deletion", { deletion: areas(0.45, 0.5) }, "doubtful", "a little sooner"],
    ["deletion", { deletion: areas(0.49, 0.5) }, "bad", "no sooner"],
    ["deletion", { deletion: areas(0.7, 0.5) }, "bad", "no sooner"],
    ["deletion", { deletion: none }, "unknown", "could not be measured. The map is flat."],
    [
      "deletion",
      { deletion: { value: 0.2, random: undefined, whole: 1 } },
      "unknown",
      "could not be measured.",
    ],
    [
      "deletion",
      { deletion: { value: -3.5, random: 2.25, whole: 8 } },
      "good",
      "hiding random places: on average it is −3.50, against 2.25.",
    ],
    [
      "insertion",
      { insertion: areas(0.7, 0.5) },
      "good",
      "much sooner than showing random places: on average 70 %",
    ],
    ["insertion", { insertion: areas(0.55, 0.5) }, "doubtful", "a little sooner"],
    ["insertion", { insertion: areas(0.3, 0.5) }, "bad", "no sooner"],
    [
      "shift",
      { shift: { value: 0.9 } },
      "good",
      "stays the same when the photo is shifted by a few pixels (likeness 0.90",
    ],
    ["shift", { shift: { value: 0.6 } }, "doubtful", "changes somewhat"],
    [
      "shift",
      { shift: { value: -0.2 } },
      "bad",
      "becomes another when the photo is shifted by a few pixels (likeness −0.20",
    ],
    ["jpeg", { jpeg: { value: 0.8 } }, "good", "stays the same when the photo is saved as a JPEG"],
    ["jpeg", { jpeg: { value: undefined } }, "unknown", "could not be measured."],
    ["randomisation", { randomisation: { value: 0.1 } }, "good", "it shows what the network has learned"],
    ["randomisation", { randomisation: { value: -0.9 } }, "good", "becomes another"],
    ["randomisation", { randomisation: { value: 0.5 } }, "doubtful", "some of it shows the photo"],
    [
      "randomisation",
      { randomisation: { value: 0.7 } },
      "bad",
      "hardly changes (likeness 0.70, where 1 is the same): it shows the photo",
    ],
  ];
  for (const [check, changes, outcome, words] of cases) {
    await t.step(`${check} ${JSON.stringify(changes)}`, () => {
      const found = findingsOf(madeUpEvidence(changes)).find((finding) => finding.check === check)!;
      assertEquals(found.outcome, outcome, found.text);
      assertStringIncludes(found.text, words);
    });
  }
});

const badly = areas(0.6, 0.5);
const rather = areas(0.46, 0.5);

Deno.test("judgeMap() goes from what was found to a verdict and its reasons", async (t) => {
  const cases: readonly (readonly [string, Partial<TrustEvidence>, VerdictName, string])[] = [
    [
      "all speaks for it",
      {},
      "usable",
      "Hiding what it marks lowers the score much sooner than hiding random places, showing only that",
    ],
    [
      "there is no map",
      { diagnosis: "flat" },
      "unusable",
      "It does not show where the network looked: there is nothing in it to read.",
    ],
    [
      "random weights",
      { randomisation: { value: 0.95 } },
      "unusable",
      "a network that has learned nothing gives nearly the same map.",
    ],
    [
      "no better than random",
      { deletion: badly, insertion: { ...badly, value: 0.1 } },
      "unusable",
      "hiding what it marks does no more than hiding random places, and showing",
    ],
    [
      "one of them",
      { deletion: badly },
      "careful",
      "hiding what it marks does no more than hiding random places.",
    ],
    ["hardly better", { deletion: rather }, "careful", "only a little sooner"],
    [
      "it moves",
      { shift: { value: 0.1 }, jpeg: { value: 0.6 } },
      "careful",
      "becomes another when the photo is shifted a little, and it changes somewhat",
    ],
    ["somewhat like it", { randomisation: { value: 0.5 } }, "careful", "somewhat like it"],
    [
      "nothing to randomise",
      { randomisation: { value: undefined } },
      "unproven",
      "Not all that matters could be tried: a network with random weights could not be tried.",
    ],
    ["nothing to hide", { deletion: none }, "unproven", "hiding what it marks could not be tried"],
    [
      "no photo to compress",
      { jpeg: { value: undefined } },
      "usable",
      "it depends on what the network has learned.",
    ],
    [
      "bad outweighs unknown",
      { deletion: none, randomisation: { value: 0.95 } },
      "unusable",
      "gives nearly the same map",
    ],
    [
      "doubt outweighs unknown",
      { jpeg: { value: undefined }, shift: { value: 0.6 } },
      "careful",
      "changes somewhat",
    ],
  ];
  for (const [name, changes, verdict, words] of cases) {
    await t.step(name, () => {
      const judged = judgeMap(findingsOf(madeUpEvidence(changes)));
      assertEquals(judged.name, verdict, judged.text);
      assertStringIncludes(judged.text, words);
      assert(/^[A-Z].*[^.,:]\.$/.test(judged.text) && !judged.text.includes("  "), judged.text);
    });
  }
});
