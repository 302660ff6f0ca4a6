import { assertEquals, assertThrows } from "@std/assert";
import { enlargement, scalePhoto } from "./scale_photo.ts";

Deno.test("enlargement() is a whole number that gives the longer side its pixels", async (t) => {
  const cases:
    readonly (readonly [height: number, width: number, minSide: number | undefined, times: number])[] = [
      [8, 8, undefined, 32],
      [36, 48, undefined, 6],
      [255, 100, undefined, 2],
      [100, 256, undefined, 1],
      [3000, 4000, undefined, 1],
      [2, 1280, undefined, 1],
      [8, 8, 0, 1],
      [8, 9, 27, 3],
      [8, 9, 28, 4],
    ];
  for (const [height, width, minSide, times] of cases) {
    await t.step(
      `${width} × ${height} to ${minSide}`,
      () => assertEquals(enlargement({ height, width }, minSide), times),
    );
  }
});

Deno.test("enlargement() refuses what is no number of pixels", () => {
  for (const minSide of [-1, 1.5, NaN, 4097, Infinity]) {
    assertThrows(
      () => enlargement({ height: 8, width: 9 }, minSide),
      RangeError,
      `Cannot draw with minSide ${minSide}`,
    );
  }
});

Deno.test("scalePhoto() takes the placement along", () => {
  const photo = { data: new Uint8ClampedArray(2 * 3 * 4).fill(77), height: 2, width: 3 };
  photo.data.forEach((_, at) => at % 4 === 3 && (photo.data[at] = 255));
  const scaled = scalePhoto({ photo, placement: { x: 1, y: -1, width: 2, height: 4 } }, {
    height: 4,
    width: 9,
  });
  assertEquals(scaled.placement, { x: 3, y: -2, width: 6, height: 8 });
  assertEquals([scaled.photo.height, scaled.photo.width], [4, 9]);
  assertEquals([...scaled.photo.data.subarray(0, 4)], [77, 77, 77, 255]);
  assertEquals(scalePhoto({ photo }, photo).photo, photo);
});
