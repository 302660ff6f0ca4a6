import { assertEquals } from "@std/assert";
import { differenceText, intervalText, numberText, probabilityText, timeText } from "./numbers.ts";

Deno.test("numberText() gives about three digits", () => {
  const cases = [
    [0, "0.000"],
    [-0, "0.000"],
    [0.12345, "0.123"],
    [-0.5, "−0.500"],
    [0.00012, "1.2e−4"],
    [-0.0002, "−2.0e−4"],
    [12.345, "12.35"],
    [123.45, "123.5"],
    [4567.8, "4568"],
    [1e7, "1.0e+7"],
    [NaN, "–"],
    [undefined, "–"],
  ] as const;
  for (const [value, text] of cases) assertEquals(numberText(value), text);
  assertEquals(numberText(JSON.parse("null")), "–", "what JSON makes of NaN");
});

Deno.test("differences, intervals, probabilities, times and counts read as people write them", () => {
  assertEquals([0.1, -0.1, 0].map(differenceText), ["+0.100", "−0.100", "0.000"]);
  assertEquals(intervalText([-0.1, 0.2]), "−0.100 to 0.200");
  assertEquals(intervalText(undefined), "–");
  assertEquals([0.00001, 0.0499, 1, NaN].map(probabilityText), ["< 0.001", "0.050", "1.000", "–"]);
  assertEquals(
    [0.25, 9.96, 412.4, 999.6, 59_949, 90_000, 7_200_000, NaN].map(timeText),
    ["0.3 ms", "10.0 ms", "412 ms", "1.0 s", "59.9 s", "1.5 min", "2.0 h", "–"],
  );
});
