import { assertAlmostEquals, assertEquals } from "@std/assert";
import { findMetric, type MetricName } from "./mod.ts";
import { type GivenSubject, mapOf, measured, truthOn } from "./testing.ts";

const measure = (metric: MetricName, given: GivenSubject) => measured(findMetric(metric), given);
const valueOf = async (metric: MetricName, given: GivenSubject) => (await measure(metric, given)).value;

/** Four columns, two rows; the right half is the object's. */
const size = { height: 2, width: 4 };
const right = truthOn(size, [{ x: 0.5, y: 0, width: 0.5, height: 1 }]);
const mask = { height: 2, width: 4, data: Uint8Array.of(0, 0, 1, 1, 0, 0, 1, 1) };

Deno.test("the pointing game asks where the peak is", async (t) => {
  const cases = [
    ["on the object", mapOf([0, 1, 9, 1], [0, 0, 0, 0]), 1],
    ["beside it", mapOf([0, 9, 1, 1], [0, 0, 0, 0]), 0],
    ["two equal peaks, one of them on it", mapOf([9, 0, 9, 0], [0, 0, 0, 0]), 0.5],
    ["three, two of them on it", mapOf([9, 0, 9, 0], [0, 0, 0, 9]), 2 / 3],
  ] as const;
  for (const [name, map, expected] of cases) {
    await t.step(
      name,
      async () => assertAlmostEquals((await valueOf("pointinggame", { map, truth: right }))!, expected),
    );
    await t.step(`${name}, of a mask`, async () =>
      assertAlmostEquals(
        (await valueOf("pointinggame", { map, truth: { ...right, boxes: [], mask } }))!,
        expected,
      ));
  }
});

Deno.test("the pointing game's tolerance is in pixels of the photo", async () => {
  const map = mapOf([0, 9, 1, 1], [0, 0, 0, 0]); // its peak's middle is at 15 of 40 pixels, 5 from the object
  for (const truth of [right, { ...right, boxes: [], mask }]) {
    assertEquals(await valueOf("pointinggame", { map, truth, settings: { tolerance: 4.9 } }), 0);
    assertEquals(await valueOf("pointinggame", { map, truth, settings: { tolerance: 5 } }), 1);
  }
});

Deno.test("an object is looked for where the model sees it on the photo", async () => {
  // The model sees the right half of the photo: its left quarter is the photo's third.
  const photo = { height: 20, width: 80 };
  const placement = { x: 40, y: 0, width: 40, height: 20 };
  const truth = { boxes: [{ x: 0.5, y: 0, width: 0.125, height: 1 }], photo, placement };
  assertEquals(await valueOf("pointinggame", { map: mapOf([9, 0, 0, 0], [0, 0, 0, 0]), truth }), 1);
  assertEquals(await valueOf("pointinggame", { map: mapOf([0, 9, 0, 0], [0, 0, 0, 0]), truth }), 0);
  const bordered = { ...right, placement: { x: -20, y: 0, width: 80, height: 20 } };
  assertEquals(await valueOf("pointinggame", { map: mapOf([0, 0, 0, 9], [0, 0, 0, 0]), truth: bordered }), 0);
});

Deno.test("an empty truth is no hit, and no truth has no number", async (t) => {
  const map = mapOf([0, 0, 0, 9], [0, 0, 0, 0]);
  const unseen = truthOn(size, [{ x: 0.5, y: 0, width: 0, height: 0 }]);
  const nothing = { ...right, boxes: [], mask: { ...mask, data: new Uint8Array(8) } };
  for (const metric of ["pointinggame", "energypointinggame", "relevancerank", "boxiou"] as const) {
    await t.step(metric, async () => {
      assertEquals(await valueOf(metric, { map, truth: unseen }), 0);
      assertEquals(await valueOf(metric, { map, truth: nothing }), 0);
      const { value, why } = await measure(metric, { map, truth: undefined });
      assertEquals([value, why], [undefined, "It is not known where the class's objects are"]);
    });
  }
  assertEquals(await valueOf("relevancemass", { map, truth: nothing }), 0);
  assertEquals(await valueOf("localisationerror", { map, truth: nothing }), 1);
});

Deno.test("the mass in boxes and in a mask is of the values above zero", async () => {
  const map = mapOf([1, 2, 3, 0], [-5, 0, 0, 4]); // 10 above zero, 7 of them on the right
  assertAlmostEquals((await valueOf("energypointinggame", { map, truth: right }))!, 0.7);
  assertAlmostEquals((await valueOf("relevancemass", { map, truth: { ...right, mask } }))!, 0.7);
  // Where all values are above zero, the least of them is where nothing speaks for the class.
  const lifted = mapOf([4, 5, 6, 3], [3, 3, 3, 7]);
  assertAlmostEquals((await valueOf("energypointinggame", { map: lifted, truth: right }))!, 0.7);
  const silent = await measure("energypointinggame", {
    map: mapOf([-1, -2, -3, 0], [-5, 0, 0, 0]),
    truth: right,
  });
  assertEquals(silent.value, undefined);
  const { why } = await measure("relevancemass", { map, truth: right });
  assertEquals(why, "There is no mask of the object, only boxes");
});

Deno.test("relevance rank counts the highest pixels, equal ones by their chance", async (t) => {
  const cases = [
    ["all on it", mapOf([0, 0, 9, 8], [0, 1, 7, 6]), 1],
    ["three of four", mapOf([0, 9, 9, 8], [0, 0, 7, 6]), 3 / 4],
    // One above zero, on it; of the other seven, three of them on it, three are chosen.
    ["cut at zero", mapOf([0, 0, 9, 0], [0, 0, 0, 0]), (1 + 3 * 3 / 7) / 4],
    ["cut at zero, the zeros first", mapOf([0, 0, 0, 0], [0, 0, 0, 9]), (1 + 3 * 3 / 7) / 4],
  ] as const;
  for (const [name, map, expected] of cases) {
    await t.step(
      name,
      async () => assertAlmostEquals((await valueOf("relevancerank", { map, truth: right }))!, expected),
    );
  }
});

Deno.test("the box of the largest region is compared with the one that it meets best", async () => {
  const map = mapOf([1, 0.1, 0, 0], [0, 0, 0.9, 0.8]); // the largest: columns 2 and 3 of row 1
  const truth = truthOn(size, [{ x: 0.5, y: 0, width: 0.5, height: 1 }, {
    x: 0,
    y: 0,
    width: 0.25,
    height: 0.5,
  }]);
  assertAlmostEquals((await valueOf("boxiou", { map, truth }))!, 0.5);
  const exact = truthOn(size, [{ x: 0.5, y: 0.5, width: 0.5, height: 0.5 }]);
  assertAlmostEquals((await valueOf("boxiou", { map, truth: exact }))!, 1);
  assertAlmostEquals((await valueOf("boxiou", { map, truth: { ...exact, boxes: [], mask } }))!, 0.5);
});

Deno.test("the localisation error counts the class and half an overlap", async () => {
  const map = mapOf([0, 0, 1, 1], [0, 0, 0.9, 0.8]);
  assertEquals(await valueOf("localisationerror", { map, truth: right }), 0);
  assertEquals(await valueOf("localisationerror", { map, truth: right, topClass: 1 }), 1);
  const half = mapOf([0, 0, 1, 1], [0, 0, 0, 0]); // exactly half in common
  assertEquals(await valueOf("localisationerror", { map: half, truth: right }), 0);
  const less = mapOf([0, 0, 1, 0], [0, 0, 0, 0]);
  assertEquals(await valueOf("localisationerror", { map: less, truth: right }), 1);
});

Deno.test("a perfect map is best, its inverse worst, and monotone transforms change no ranks", async (t) => {
  const perfect = mapOf([0.01, 0.02, 1, 0.9], [0, 0.03, 0.8, 0.7]);
  const inverse = { ...perfect, data: perfect.data.map((value) => 1 - value) };
  const truth = { ...right, mask };
  for (const metric of ["pointinggame", "relevancerank"] as const) {
    await t.step(metric, async () => {
      assertEquals(await valueOf(metric, { map: perfect, truth }), 1);
      assertEquals(await valueOf(metric, { map: inverse, truth }), 0);
      for (const change of [Math.cbrt, Math.exp, (value: number) => 100 * value - 7]) {
        const map = { ...perfect, data: perfect.data.map(change) };
        assertEquals(await valueOf(metric, { map, truth }), 1);
      }
    });
  }
  await t.step("random maps hit by chance", async () => {
    let [state, hits, ranks] = [7, 0, 0];
    const random = () => (state = state * 16807 % 2147483647) / 2147483647;
    const corner = truthOn(size, [{ x: 0, y: 0, width: 0.25, height: 1 }]); // a quarter
    for (let time = 0; time < 2000; time++) {
      const map = mapOf(...[0, 1].map(() => Array.from({ length: 4 }, random)));
      hits += (await valueOf("pointinggame", { map, truth: corner }))!;
      ranks += (await valueOf("relevancerank", { map, truth: corner }))!;
    }
    assertAlmostEquals(hits / 2000, 0.25, 0.03); // three standard deviations
    assertAlmostEquals(ranks / 2000, 0.25, 0.02);
  });
});
