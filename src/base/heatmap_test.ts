import { assertAlmostEquals, assertEquals } from "@std/assert";
import { normalize, peak, resizeHeatmap } from "./heatmap.ts";

/** 2 high, 3 wide. */
const heatmap = { data: Float32Array.of(0, 0.5, 1, 0.2, 0.4, 1), height: 2, width: 3 };

Deno.test("normalize() scales to 0 … 1 with eps in the divisor", () => {
  assertEquals([...normalize(Float32Array.of(-2, 0, 2), 0)], [0, 0.5, 1]);
  assertEquals([...normalize(Float32Array.of(-2, 0, 2), 4)], [0, 0.25, 0.5]);
  assertEquals([...normalize(Float32Array.of(3, 3, 3), 1e-8)], [0, 0, 0]);
});

Deno.test("peak() is the first maximum, as fractions of the size", () => {
  const { x, y, value } = peak(heatmap);
  assertAlmostEquals(x, 2.5 / 3, 1e-12);
  assertEquals([y, value], [0.25, 1]);
  const holed = { data: Float32Array.of(NaN, 0.25, NaN, 0.5, NaN, 0.5), height: 2, width: 3 };
  assertEquals(peak(holed), { x: 0.5 / 3, y: 0.75, value: 0.5 });
});

Deno.test("resizeHeatmap() reads between the centres of cells", async (t) => {
  await t.step("to its own size", () => {
    assertEquals(resizeHeatmap(heatmap, { height: 2, width: 3 }), heatmap);
  });
  await t.step("twice as high", () => {
    // Centres lie at 0.25, 0.75, 1.25 and 1.75 of the old rows, whose own are 0.5 and 1.5.
    const { data, height, width } = resizeHeatmap(heatmap, { height: 4, width: 3 });
    assertEquals([height, width], [4, 3]);
    [0, 0.05, 0.15, 0.2].forEach((value, row) => assertAlmostEquals(data[row * 3]!, value, 1e-7));
  });
  await t.step("twice as wide", () => {
    const { data } = resizeHeatmap(heatmap, { height: 2, width: 6 });
    [0, 0.125, 0.375, 0.625, 0.875, 1].forEach((value, x) => assertAlmostEquals(data[x]!, value, 1e-7));
  });
  await t.step("from one cell", () => {
    const flat = { data: Float32Array.of(0.7), height: 1, width: 1 };
    assertEquals([...resizeHeatmap(flat, { height: 1, width: 2 }).data], [...Float32Array.of(0.7, 0.7)]);
  });
});
