import { assert, assertAlmostEquals, assertEquals } from "@std/assert";
import { normalize } from "./heatmap.ts";
import { hasBothSigns, mapScales, scaleMap } from "./scaling.ts";

const map = Float32Array.of(-1, 0, 0.5, 3);

Deno.test("scaleMap() brings a map to 0 … 1 in each of its ways", () => {
  const expected = {
    range: [0, 1 / 4, 1.5 / 4, 1],
    maximum: [0, 0, 0.5 / 3, 1],
    symmetric: [0.5 - 1 / 6, 0.5, 0.5 + 0.5 / 6, 1],
  };
  assertEquals(Object.keys(expected), [...mapScales]);
  for (const scale of mapScales) {
    scaleMap(map, scale, 1e-8).forEach((value, at) =>
      assertAlmostEquals(value, expected[scale][at]!, 1e-6, scale)
    );
  }
  assertEquals(scaleMap(map, "range", 0.1), normalize(map, 0.1));
});

Deno.test("scaleMap() adds eps to what it divides by, so that a map of zeros gives numbers", () => {
  assertAlmostEquals(Math.max(...scaleMap(map, "maximum", 3)), 0.5, 1e-6);
  assertAlmostEquals(Math.max(...scaleMap(map, "symmetric", 6)), 0.75, 1e-6);
  const zeros = new Float32Array(2);
  assertEquals(mapScales.map((scale) => [...scaleMap(zeros, scale, 1e-8)]), [[0, 0], [0, 0], [0.5, 0.5]]);
  assertEquals([...scaleMap(Float32Array.of(-2, -1), "maximum", 1e-8)], [0, 0]);
});

Deno.test("hasBothSigns() asks for a value below zero and one above", () => {
  assert(hasBothSigns(map));
  assert(!hasBothSigns(Float32Array.of(-1, 0)) && !hasBothSigns(Float32Array.of(0, 1)));
});
