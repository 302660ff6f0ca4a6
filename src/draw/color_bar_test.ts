import { assertAlmostEquals, assertEquals } from "@std/assert";
import { barLabels, drawBar, zeroOf } from "./color_bar.ts";
import { colormaps } from "./colormaps/mod.ts";

/** A map of some values. */
function mapOf(values: readonly number[], relu = false) {
  return { raw: { data: Float32Array.from(values), height: 1, width: values.length }, relu };
}

Deno.test("zeroOf() is −min / (max − min)", async (t) => {
  const cases:
    readonly (readonly [name: string, values: number[], relu: boolean, zero: number | undefined])[] = [
      ["inside", [-1, 0.5, 3], false, 0.25],
      ["all above", [1, 2, 3], false, undefined],
      ["all below", [-3, -2], false, undefined],
      ["at the lower end", [0, 2], false, 0],
      ["at the upper end", [-2, 0], false, 1],
      ["cut off", [-1, 3], true, 0],
      ["cut off altogether", [-1, -3], true, undefined],
      ["flat", [2, 2], false, undefined],
      ["no numbers", [NaN, -1, Infinity, 1], false, 0.5],
      ["nothing but those", [NaN], false, undefined],
    ];
  for (const [name, values, relu, zero] of cases) {
    await t.step(name, () => assertEquals(zeroOf(mapOf(values, relu)), zero));
  }
});

Deno.test("barLabels() names the ends and marks zero", async (t) => {
  const texts = (values: number[], relu = false) =>
    barLabels(mapOf(values, relu), 0.1).map(({ text, at }) => [text, at] as const);
  await t.step(
    "not known",
    () => assertEquals(barLabels(undefined, 0.1).map(({ text }) => text), ["max", "min"]),
  );
  await t.step("inside", () => {
    assertEquals(texts([-1, 3]), [["max", 1], ["min", 0], ["for", 0.625], ["against", 0.125], ["0", 0.25]]);
  });
  await t.step("near an end, which gives way", () => {
    const [max, above, zero] = barLabels(mapOf([-1, 19]), 0.1);
    assertEquals([max!.text, above!.text, zero!.text], ["max", "for", "0"]);
    assertAlmostEquals(zero!.at, 0.05, 1e-9);
    assertEquals(zero!.isTick, true);
  });
  await t.step("cut off", () => {
    assertEquals(texts([-1, 3], true), [["max", 1], ["for", 0.5], ["0", 0]]);
    assertEquals(barLabels(mapOf([-1, 3], true), 0.1).some(({ isTick }) => isTick), false);
  });
  await t.step("without a zero", () => assertEquals(texts([1, 3]), [["max", 1], ["min", 0]]));
});

Deno.test("drawBar() goes from the highest colour to the lowest", () => {
  const { data } = drawBar(colormaps[0]!, { height: 9, width: 2 });
  const { colors } = colormaps[0]!;
  const color = (index: number) => [...colors.subarray(index * 3, index * 3 + 3), 255];
  assertEquals([...data.subarray(0, 4)], color(255));
  assertEquals([...data.subarray(8 * 4 + 4, 8 * 4 + 8)], color(128));
  assertEquals([...data.subarray(-4)], color(0));
});
