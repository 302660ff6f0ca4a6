import { assertAlmostEquals, assertEquals, assertRejects, assertThrows } from "@std/assert";
import { ImageError, RegionError } from "../base/errors.ts";
import { encodePng } from "../input/image/mod.ts";
import type { Placement } from "../input/image/types.ts";
import { type PlainRegion, readRegion, type Region, regionWeights } from "./region.ts";

/** A photo 8 wide and 4 high, and the ways in which a model may look at it. */
const photo = { width: 8, height: 4 };
const squash = { x: 0, y: 0, ...photo };
const crop = { x: 2, y: 0, width: 4, height: 4 };
const letterbox = { x: 0, y: -2, width: 8, height: 8 };

/** A mask of the photo's size that is `value` inside a box of whole pixels. */
function maskOf({ x, y, width, height }: Placement, value: number | boolean = 1) {
  const data = Array.from({ length: 32 }, (_, index) => {
    const [row, column] = [Math.floor(index / 8), index % 8];
    const inside = row >= y && row < y + height && column >= x && column < x + width;
    return inside ? value : 0;
  });
  return { data, ...photo };
}

interface Case {
  readonly name: string;
  readonly region: Region;
  readonly view?: Placement;
  readonly size: readonly [height: number, width: number];
  /** What each cell's weight is in proportion to, row by row. */
  readonly shares: readonly number[];
}

const cases: readonly Case[] = [
  { name: "one cell", region: { x: 0, y: 0, width: 4, height: 2 }, size: [2, 2], shares: [1, 0, 0, 0] },
  { name: "all of it", region: squash, size: [2, 3], shares: [1, 1, 1, 1, 1, 1] },
  { name: "more than all", region: { x: -9, y: -9, width: 99, height: 99 }, size: [1, 2], shares: [1, 1] },
  {
    name: "cells covered in part", // columns 2 … 7 of cells 4 wide: half and three quarters; row 1 of cells 2 high
    region: { x: 2, y: 1, width: 5, height: 1 },
    size: [2, 2],
    shares: [0.5 * 0.5, 0.75 * 0.5, 0, 0],
  },
  {
    name: "parts of pixels", // a quarter of the second column, an eighth of the third
    region: { x: 3.5, y: 0, width: 0.75, height: 4 },
    size: [1, 4],
    shares: [0, 0.25, 0.125, 0],
  },
  {
    name: "cells of uneven pixels", // 8 / 3 pixels a cell: the box ends in the second
    region: { x: 0, y: 0, width: 4, height: 4 },
    size: [1, 3],
    shares: [1, 0.5, 0],
  },
  {
    name: "cropped", // the model sees columns 2 … 6; the box has 1 … 3 of the photo
    region: { x: 1, y: 0, width: 2, height: 4 },
    view: crop,
    size: [2, 4],
    shares: [1, 0, 0, 0, 1, 0, 0, 0],
  },
  {
    name: "letterboxed", // a row of cells above and below the photo, which no region reaches
    region: maskOf(squash),
    view: letterbox,
    size: [4, 2],
    shares: [0, 0, 1, 1, 1, 1, 0, 0],
  },
  {
    name: "letterboxed, cells half on the photo", // 3 rows of 8 / 3 pixels: −2 … 0.67, 0.67 … 3.33, 3.33 … 6
    region: maskOf(squash),
    view: letterbox,
    size: [3, 1],
    shares: [0.25, 1, 0.25],
  },
  {
    name: "a box beyond the photo, letterboxed",
    region: { x: -9, y: -9, width: 99, height: 99 },
    view: letterbox,
    size: [4, 2],
    shares: [0, 0, 1, 1, 1, 1, 0, 0],
  },
  {
    name: "a mask with weights",
    region: { data: [0, 1, 2, 3, 0, 0, 0, 4], width: 4, height: 2 },
    size: [2, 2],
    shares: [0.5, 2.5, 0, 2],
  },
  {
    name: "a mask of bytes",
    region: { data: Uint8Array.of(0, 255, 51, 0), width: 2, height: 2 },
    size: [2, 2],
    shares: [0, 5, 1, 0],
  },
  {
    name: "a mask of truths",
    region: { data: [false, true], width: 2, height: 1 },
    size: [2, 2],
    shares: [0, 1, 0, 1],
  },
  {
    name: "a mask coarser than the cells",
    region: { data: [1, 0], width: 2, height: 1 },
    size: [1, 8],
    shares: [1, 1, 1, 1, 0, 0, 0, 0],
  },
  {
    name: "a picture: white, red, half transparent white, transparent white",
    region: {
      data: Uint8ClampedArray.of(255, 255, 255, 255, 255, 0, 0, 255, 255, 255, 255, 51, 255, 255, 255, 0),
      width: 4,
      height: 1,
    },
    size: [1, 4],
    shares: [15, 5, 3, 0],
  },
];

Deno.test("regionWeights() gives each cell its share of the region", async (t) => {
  for (const { name, region, view = squash, size: [height, width], shares } of cases) {
    await t.step(name, async () => {
      const weights = regionWeights(await readRegion(region), view, photo);
      const sum = shares.reduce((total, share) => total + share, 0);
      for (const found of [weights(height, width), weights(height, width)]) {
        assertEquals(found.length, height * width);
        found.forEach((weight, cell) => assertAlmostEquals(weight, shares[cell]! / sum, 1e-6));
      }
    });
  }
});

Deno.test("regionWeights() takes a box as it takes a mask of it", async (t) => {
  const boxes: readonly Placement[] = [
    { x: 0, y: 0, width: 3, height: 1 },
    { x: 5, y: 2, width: 3, height: 2 },
    { x: 3, y: 1, width: 1, height: 2 },
  ];
  for (const [index, box] of boxes.entries()) {
    for (const [name, view] of Object.entries({ squash, crop, letterbox })) {
      await t.step(`box ${index}, ${name}`, async () => {
        const [asBox, asMask] = [await readRegion(box), await readRegion(maskOf(box))]
          .map((region) => regionWeights(region, view, photo));
        for (const [height, width] of [[1, 1], [4, 8], [3, 5], [9, 7]] as const) {
          const mask = asMask!(height, width);
          asBox!(height, width).forEach((weight, cell) => assertAlmostEquals(weight, mask[cell]!, 1e-6));
        }
      });
    }
  }
});

Deno.test("regionWeights() refuses what the model does not see", async (t) => {
  const unseen: readonly (readonly [string, Region, Placement])[] = [
    ["beside the photo", { x: 8, y: 0, width: 2, height: 2 }, squash],
    ["cropped away", { x: 0, y: 0, width: 2, height: 4 }, crop],
    ["on the letterbox's border", { x: 0, y: -2, width: 8, height: 2 }, letterbox],
    ["an empty mask", maskOf(squash, 0), squash],
    ["a mask that is cropped away", maskOf({ x: 6, y: 0, width: 2, height: 4 }), crop],
  ];
  for (const [name, region, view] of unseen) {
    await t.step(name, async () => {
      const weights = regionWeights(await readRegion(region), view, photo);
      const error = assertThrows(() => weights(2, 3), RegionError, "covers nothing that the model sees");
      assertEquals(error instanceof RangeError, true);
    });
  }
});

Deno.test("readRegion() reads pictures", async () => {
  const data = Uint8ClampedArray.of(0, 0, 0, 255, 255, 255, 255, 255);
  const png = await encodePng({ data, width: 2, height: 1 });
  const expected: PlainRegion = { data: Float32Array.of(0, 1), width: 2, height: 1 };
  assertEquals(await readRegion(png), expected);
  assertEquals(await readRegion(new Blob([png as Uint8Array<ArrayBuffer>])), expected);
  const path = await Deno.makeTempFile({ suffix: ".png" });
  await Deno.writeFile(path, png);
  assertEquals(await readRegion(path), expected);
  await Deno.remove(path);
  await assertRejects(() => readRegion(path), ImageError, `"${path}": no such file`);
  await assertRejects(() => readRegion(png, { maxPixels: 1 }), ImageError, "2 × 1 pixels");
});

Deno.test("readRegion() refuses what is no region", async (t) => {
  const size = { width: 2, height: 2 };
  const wrong: readonly (readonly [unknown, typeof TypeError | typeof RangeError, string])[] = [
    [5, TypeError, "Cannot use region: give { x, y, width, height }"],
    [null, TypeError, "Cannot use region: give { x, y, width, height }"],
    [[1, 2, 3, 4], TypeError, "Cannot use region"],
    [size, TypeError, "Cannot use region"],
    [{ x: "0", y: 0, ...size }, TypeError, "Cannot use region"],
    [{ x: NaN, y: 0, ...size }, RangeError, "Cannot use region x NaN, y 0, 2 × 2"],
    [{ x: 0, y: 0, width: 0, height: 2 }, RangeError, "0 × 2"],
    [{ x: 0, y: 0, width: 2, height: -1 }, RangeError, "2 × -1"],
    [{ x: 0, y: 0, width: Infinity, height: 1 }, RangeError, "Infinity × 1"],
    [{ data: [1, 2, 3], ...size }, TypeError, "Cannot use a mask of 2 × 2 with 3 values"],
    [{ data: undefined, ...size }, TypeError, "Cannot use a mask of 2 × 2 with NaN values"],
    [{ data: [], width: 0, height: 0 }, TypeError, "Cannot use a mask of 0 × 0"],
    [{ data: [1, 0, NaN, 0], ...size }, RangeError, "Cannot use a mask with NaN"],
    [{ data: [1, 0, -0.5, 0], ...size }, RangeError, "Cannot use a mask with -0.5"],
  ];
  for (const [region, type, message] of wrong) {
    await t.step(JSON.stringify(region), async () => {
      await assertRejects(() => readRegion(region as Region), type, message);
    });
  }
});
