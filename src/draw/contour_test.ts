import { assert, assertAlmostEquals, assertEquals } from "@std/assert";
import type { RgbaImage } from "../input/image/types.ts";
import { contourLevel, drawContour } from "./contour.ts";
import { MapRows } from "./map_rows.ts";

/** A slope from left to right, without the bends at its ends. */
const slope = { data: Float32Array.from({ length: 40 }, (_, at) => at / 39), height: 1, width: 40 };

function grey(height: number, width: number): RgbaImage {
  const data = new Uint8ClampedArray(height * width * 4).fill(128);
  return { data, height, width };
}

Deno.test("contourLevel() is what a tenth of the pixels lie above", () => {
  const rows = new MapRows(slope, { height: 20, width: 400 });
  const level = contourLevel(rows)!;
  const row = new Float32Array(400);
  rows.read(0, row);
  assertEquals(row.filter((value) => value > level).length, 40);
  assert(level > row[359]! && level < row[360]!);
});

Deno.test("contourLevel() counts what the model saw alone, and gives up on a flat map", () => {
  const placement = { x: 300, y: 0, width: 100, height: 20 };
  const rows = new MapRows(slope, { height: 20, width: 400, placement });
  assertAlmostEquals(contourLevel(rows)!, 0.9, 0.02);
  for (const value of [0, 0.5, 1]) {
    const flat = { data: new Float32Array(6).fill(value), height: 2, width: 3 };
    assertEquals(contourLevel(new MapRows(flat, { height: 20, width: 30 })), undefined);
  }
});

Deno.test("drawContour() draws a white line with dark edges where the upper tenth begins", () => {
  const image = grey(20, 400);
  drawContour(image, new MapRows(slope, { height: 20, width: 400 }));
  const reds = Array.from({ length: 400 }, (_, x) => image.data[(9 * 400 + x) * 4]!);
  // The last 40 columns begin at 360: the line's middle lies between the centres of 359 and 360, its edges end 2.4 away.
  assertEquals(reds[360], 255);
  assert(reds[358]! < 128 && reds[362]! < 128);
  reds.forEach((red, x) => assert(x > 356 && x < 363 || red === 128, `${x}`));
  for (let y = 0; y < 20; y++) assertEquals(image.data[(y * 400 + 360) * 4], 255); // from top to bottom
});

Deno.test("drawContour() draws nothing on a flat map, nor where the model did not look", () => {
  const image = grey(30, 60);
  drawContour(
    image,
    new MapRows({ data: new Float32Array(4), height: 2, width: 2 }, { height: 30, width: 60 }),
  );
  assertEquals(image.data, grey(30, 60).data);
  const placement = { x: 30, y: 0, width: 30, height: 30 };
  drawContour(image, new MapRows(slope, { height: 30, width: 60, placement }));
  for (let x = 0; x < 60; x++) assertEquals(image.data[(15 * 60 + x) * 4] !== 128, x >= 55 && x < 59, `${x}`);
});
