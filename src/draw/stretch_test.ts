import { assertAlmostEquals, assertEquals } from "@std/assert";
import { stretch } from "./stretch.ts";

function mapOf(values: ArrayLike<number>, width: number) {
  return { data: Float32Array.from(values), width, height: values.length / width };
}

Deno.test("stretch() draws the uppermost hundredth of a map of pixels alike", () => {
  const values = Array.from({ length: 10_000 }, (_, at) => at < 50 ? 1 : 0.2 * at / 9999);
  const { data } = stretch(mapOf(values, 100), "range");
  assertEquals([...data.subarray(0, 50)], Array(50).fill(1));
  assertAlmostEquals(data[5000]!, 0.5, 0.01);
  assertEquals(data.filter((value) => value === 1).length < 150, true);
});

Deno.test("stretch() leaves the middle of a symmetric map where it is", () => {
  const values = Array.from(
    { length: 10_000 },
    (_, at) => at === 0 ? 1 : at % 2 ? 0.5 : at % 4 ? 0.45 : 0.55,
  );
  const { data } = stretch(mapOf(values, 100), "symmetric");
  assertEquals([data[0], data[1]], [1, 0.5]);
  assertAlmostEquals(data[2]!, 0, 1e-5);
  assertAlmostEquals(data[4]!, 1, 1e-5);
});

Deno.test("stretch() leaves maps of cells, flat maps and maps of zeros as they are", () => {
  const cells = mapOf(Array.from({ length: 49 }, (_, at) => at === 0 ? 1 : 0.01), 7);
  assertEquals(stretch(cells, "range"), cells);
  for (const value of [0, 1]) {
    const flat = mapOf(Array(10_000).fill(value), 100);
    assertEquals(stretch(flat, "range"), flat);
  }
});
