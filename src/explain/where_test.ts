import { assertEquals } from "@std/assert";
import type { ClassMap, Explanation } from "./explanation.ts";
import { describeWhere, placeName } from "./where.ts";

Deno.test("placeName() names the thirds of a photo", async (t) => {
  const cases: [x: number, y: number, name: string][] = [
    [0.5, 0.5, "centre"],
    [0.41, 0.38, "centre"],
    [0.1, 0.1, "upper left"],
    [0.9, 0.1, "upper right"],
    [0.1, 0.9, "lower left"],
    [0.9, 0.9, "lower right"],
    [0.5, 0, "top"],
    [0.5, 1, "bottom"],
    [0, 0.5, "left side"],
    [1, 0.5, "right side"],
  ];
  for (const [x, y, name] of cases) {
    await t.step(`${x}, ${y}`, () => assertEquals(placeName({ x, y }), name));
  }
});

Deno.test("describeWhere() places the map's peak on the photo", async (t) => {
  // 2 × 4 cells, the peak in the last column of the first row: its middle is at x 7/8, y 1/4.
  const heatmap = { data: new Float32Array([0, 0.1, 0.2, 1, 0, 0, 0, 0]), height: 2, width: 4 };
  const photo = { data: new Uint8ClampedArray(100 * 50 * 4), height: 50, width: 100 };
  const cases: { name: string; placement: Explanation["placement"]; text: string }[] = [
    {
      name: "squashed",
      placement: { x: 0, y: 0, width: 100, height: 50 },
      text: "upper right (x 88 %, y 25 %)",
    },
    {
      name: "cropped",
      placement: { x: 25, y: 0, width: 50, height: 50 },
      text: "upper right (x 69 %, y 25 %)",
    },
    {
      name: "letterboxed",
      placement: { x: 0, y: -25, width: 100, height: 100 },
      text: "upper right (x 88 %, y 0 %)",
    },
    { name: "a tensor", placement: undefined, text: "upper right (x 88 %, y 25 %)" },
  ];
  for (const { name, placement, text } of cases) {
    await t.step(name, () => {
      const map = { heatmap, diagnosis: "ok" } as ClassMap;
      assertEquals(describeWhere(map, { photo, placement } as Explanation), text);
      assertEquals(
        describeWhere({ ...map, diagnosis: "flat" }, { photo, placement } as Explanation),
        undefined,
      );
    });
  }
});
