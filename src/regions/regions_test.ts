import { assert, assertAlmostEquals, assertEquals, assertThrows } from "@std/assert";
import type { Heatmap } from "../base/heatmap.ts";
import { componentsOf } from "./components.ts";
import { contourOf } from "./contour.ts";
import { evidenceOf } from "./evidence.ts";
import { maskOf } from "./mask.ts";
import { findThreshold, thresholds } from "./mod.ts";
import { overlapOf } from "./overlap.ts";
import { regionsOf } from "./region_boxes.ts";

function mapOf(...rows: readonly (readonly number[])[]): Heatmap {
  return { data: Float32Array.from(rows.flat()), height: rows.length, width: rows[0]!.length };
}

/** A mask drawn with letters: x where it is 1. */
function drawn(...rows: readonly string[]) {
  const data = Uint8Array.from(rows.join(""), (letter) => letter === "x" ? 1 : 0);
  return { height: rows.length, width: rows[0]!.length, data };
}

Deno.test("thresholds are what their papers say", async (t) => {
  const map = mapOf([0, 1, 2, 3], [4, 5, 6, 20]);
  const cases = [
    ["maximum", undefined, 3], // 15 % of 20
    ["maximum", 0.2, 4],
    ["quantile", 0.5, 4],
    ["quantile", 0.9, 20],
    ["quantile", 0, 0],
  ] as const;
  for (const [name, level, expected] of cases) {
    await t.step(`${name} ${level}`, () => {
      const threshold = findThreshold(name);
      assertAlmostEquals(threshold.valueOf(map, level ?? threshold.level!), expected, 1e-6);
    });
  }
  await t.step("Otsu divides two groups between them", () => {
    const groups = mapOf([1, 2, 3, 2], [11, 12, 13, 12], [2, 1, 3, 12]);
    const value = findThreshold("otsu").valueOf(groups, 0);
    assert(value > 3 && value <= 11, `${value}`);
    assertEquals([...maskOf(groups, { threshold: "otsu" }).data], [0, 0, 0, 0, 1, 1, 1, 1, 0, 0, 0, 1]);
  });
  await t.step("none finds anything in a flat map, or in one without values above zero", () => {
    for (const { name: threshold } of thresholds) {
      for (const map of [mapOf([3, 3], [3, 3]), mapOf([0, -1], [-2, -3])]) {
        assertEquals([...maskOf(map, { threshold }).data], [0, 0, 0, 0]);
      }
    }
  });
  await t.step("numbers that mean nothing are refused", () => {
    assertThrows(
      () => maskOf(map, { level: 1.5 }),
      RangeError,
      "Cannot use level 1.5: use a number from 0 to 1",
    );
    assertThrows(
      () => maskOf(map, { threshold: "otsu", level: 0.5 }),
      RangeError,
      "it finds the value itself",
    );
    assertThrows(() => maskOf(map, { threshold: "ostu" as "otsu" }), RangeError, "Unknown threshold");
  });
});

Deno.test("componentsOf() joins over edges and corners, the largest first", () => {
  const found = componentsOf(drawn("xx...", "..x..", "....x", "x...x"));
  assertEquals(found.map(({ area, rows, columns }) => ({ area, rows, columns })), [
    { area: 3, rows: [0, 2], columns: [0, 3] },
    { area: 2, rows: [2, 4], columns: [4, 5] },
    { area: 1, rows: [3, 4], columns: [0, 1] },
  ]);
  assertEquals(componentsOf(drawn("..", "..")), []);
});

Deno.test("contourOf() goes round a component, over corners too", async (t) => {
  const cases = [
    ["one pixel", drawn("...", ".x."), [[1, 1], [2, 1], [2, 2], [1, 2]]],
    ["a corner cut out", drawn("xx", "x."), [[0, 0], [2, 0], [2, 1], [1, 1], [1, 2], [0, 2]]],
    ["over a corner", drawn("x.", ".x"), [[0, 0], [1, 0], [1, 1], [2, 1], [2, 2], [1, 2], [1, 1], [0, 1]]],
    ["over the other corner", drawn(".x", "x."), [[1, 0], [2, 0], [2, 1], [1, 1], [1, 2], [0, 2], [0, 1], [
      1,
      1,
    ]]],
    ["a ring, whose hole is not followed", drawn("xxx", "x.x", "xxx"), [[0, 0], [3, 0], [3, 3], [0, 3]]],
  ] as const;
  for (const [name, mask, expected] of cases) {
    await t.step(name, () => assertEquals(contourOf(componentsOf(mask)[0]!, mask.width), expected as never));
  }
});

Deno.test("regionsOf() gives boxes in the photo's pixels, with fitting undone", () => {
  const map = mapOf([0, 1, 0, 0], [0, 1, 0, 0.4]);
  const squashed = { height: 20, width: 80, placement: { x: 0, y: 0, height: 20, width: 80 } };
  const [large, small] = regionsOf(map, squashed);
  assertEquals(large!.box, { x: 20, y: 0, width: 20, height: 20 });
  assertEquals(small!.box, { x: 60, y: 10, width: 20, height: 10 });
  assertAlmostEquals(large!.area, 2 / 8);
  assertAlmostEquals(large!.share, 2 / 3);
  assertAlmostEquals(small!.mean, 0.4, 1e-6);
  assertEquals(small!.contour, [{ x: 60, y: 10 }, { x: 80, y: 10 }, { x: 80, y: 20 }, { x: 60, y: 20 }]);
  const cropped = { height: 20, width: 80, placement: { x: 20, y: 0, height: 20, width: 40 } };
  assertEquals(regionsOf(map, cropped)[0]!.box, { x: 30, y: 0, width: 10, height: 20 });
  // With a border round it: what lies in the border is cut off, and what lies there alone is left out.
  const bordered = { height: 20, width: 80, placement: { x: -80, y: -10, height: 40, width: 160 } };
  assertEquals(regionsOf(map, bordered).map(({ box }) => box), [{ x: 40, y: 10, width: 40, height: 10 }]);
});

Deno.test("overlapOf() is intersection over union", () => {
  const box = { x: 0, y: 0, width: 2, height: 2 };
  assertEquals(overlapOf(box, box), 1);
  assertAlmostEquals(overlapOf(box, { x: 1, y: 0, width: 2, height: 2 }), 1 / 3);
  assertEquals(overlapOf(box, { x: 2, y: 0, width: 2, height: 2 }), 0);
  assertEquals(overlapOf({ ...box, width: 0 }, { ...box, width: 0 }), 0);
});

Deno.test("evidenceOf() cuts off what is below zero", () => {
  const near = (map: Heatmap) => [...evidenceOf(map).data].map((value) => Number(value.toFixed(3)));
  assertEquals(near(mapOf([-4, 0, 1, 2])), [0, 0, 0.5, 1]);
  assertEquals(near(mapOf([1, 2, 3, 5])), [0, 0.25, 0.5, 1]);
  assertEquals(near(mapOf([-4, -3, 0, -2])), [0, 0, 0, 0]);
});
