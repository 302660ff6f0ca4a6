import { assertEquals } from "@std/assert";
import type { PlainClassMap } from "./state/answers.ts";
import { percent, placeOf, rawNumber, scoreOf } from "./words.ts";

Deno.test("percent(), scoreOf() and rawNumber() write numbers for people", () => {
  const shares = [0, 0.00001, 0.0012, 0.0996, 0.5, 0.9994, 0.99999, 1].map(percent);
  assertEquals(shares, ["0.0 %", "< 0.1 %", "0.1 %", "10.0 %", "50 %", "> 99.9 %", "> 99.9 %", "100 %"]);
  const score = { classIndex: 0, label: null };
  assertEquals(scoreOf({ ...score, score: 0.25 }, { probabilities: true }), "25 %");
  const other = { probabilities: false };
  assertEquals(scoreOf({ ...score, score: 0.25 }, other), "0.250", "a logit is no share");
  assertEquals(scoreOf({ ...score, score: 7.25, probability: 0.75 }, other), "75 %");
  const numbers = [0, -0.011234, 1234.5, 12345, 0.00056, 0.00001, NaN].map(rawNumber);
  assertEquals(numbers, ["0", "−0.0112", "1230", "1.2e+4", "0.00056", "1.0e−5", "?"]);
});

Deno.test("placeOf() says where a map is strongest", () => {
  const at = (place: number) => {
    const data = Array.from({ length: 54 }, (_, index) => index === place ? 1 : 0); // 9 across, 6 down
    return placeOf({ heatmap: { height: 6, width: 9, data } } as unknown as PlainClassMap);
  };
  const places = [at(0), at(8), at(4), at(9 * 2 + 4), at(9 * 3), at(9 * 5 + 4), at(53)];
  assertEquals(places, [
    "at the top left",
    "at the top right",
    "at the top",
    "in the centre",
    "at the left",
    "at the bottom",
    "at the bottom right",
  ]);
});
