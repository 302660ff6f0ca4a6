import { assertAlmostEquals, assertEquals } from "@std/assert";
import { barLabels, drawBar, endsOf, zeroOf } from "./color_bar.ts";
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

Deno.test("endsOf() are the values that 0 and 1 stand for", async (t) => {
  const cases = [
    ["range", [-1, 3], [-1, 3]],
    ["maximum", [-1, 3], [0, 3]],
    ["maximum", [-3, -1], [0, 0]],
    ["symmetric", [-1, 3], [-3, 3]],
    ["symmetric", [-4, 3], [-4, 4]],
    ["symmetric", [1, 3, NaN], [-3, 3]],
    ["symmetric", [NaN], [Infinity, -Infinity]],
  ] as const;
  for (const [scale, values, ends] of cases) {
    await t.step(`${scale} of ${values.join(", ")}`, () => {
      assertEquals(endsOf({ ...mapOf(values), scale }), [...ends] as [number, number]);
    });
  }
});

Deno.test("barLabels() has zero in the middle of a symmetric map, and at the end of one scaled by its maximum", () => {
  const texts = (scale: "symmetric" | "maximum", values: number[]) =>
    barLabels({ ...mapOf(values), scale }, 0.1).map(({ text, at }) => [text, at] as const);
  const symmetric = [["max", 1], ["−max", 0], ["for", 0.75], ["against", 0.25], ["0", 0.5]] as const;
  assertEquals(texts("symmetric", [-1, 3]), [...symmetric]);
  assertEquals(texts("symmetric", [1, 3]), [...symmetric]);
  assertEquals(texts("symmetric", [0, 0]), [["max", 1], ["−max", 0]]);
  assertEquals(texts("maximum", [1, 3]), [["max", 1], ["for", 0.5], ["0", 0]]);
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
