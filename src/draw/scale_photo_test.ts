import { assertEquals, assertThrows } from "@std/assert";
import { checkSides, drawnSize, scalePhoto } from "./scale_photo.ts";

Deno.test("drawnSize() gives the longer side as many pixels as asked for", async (t) => {
  type Case = readonly [
    height: number,
    width: number,
    sides: { minSide?: number; maxSide?: number },
    drawn: readonly [height: number, width: number],
  ];
  const cases: readonly Case[] = [
    [8, 8, {}, [256, 256]],
    [36, 48, {}, [216, 288]],
    [255, 100, {}, [510, 200]],
    [100, 256, {}, [100, 256]],
    [3000, 4000, {}, [3000, 4000]],
    [2, 1280, {}, [2, 1280]],
    [8, 8, { minSide: 0 }, [8, 8]],
    [8, 9, { minSide: 27 }, [24, 27]],
    [8, 9, { minSide: 28 }, [32, 36]],
    [3000, 4000, { maxSide: 2048 }, [1536, 2048]],
    [4000, 3001, { maxSide: 2048 }, [2048, 1537]],
    [3000, 4000, { maxSide: 4000 }, [3000, 4000]],
    [3000, 4000, { maxSide: Infinity }, [3000, 4000]],
    [1, 9000, { maxSide: 100 }, [1, 100]],
    [200, 300, { maxSide: 100 }, [67, 100]], // the usual least gives way
    [36, 48, { maxSide: 250 }, [180, 240]], // a whole number of times that fits
    [36, 48, { minSide: 100, maxSide: 100 }, [72, 96]],
    [8, 9, { minSide: 9, maxSide: 9 }, [8, 9]],
  ];
  for (const [height, width, sides, drawn] of cases) {
    await t.step(`${width} × ${height} by ${JSON.stringify(sides)}`, () => {
      const size = drawnSize({ height, width }, sides);
      assertEquals([size.height, size.width], drawn);
    });
  }
});

Deno.test("checkSides() refuses what is no number of pixels", () => {
  for (const minSide of [-1, 1.5, NaN, 4097, Infinity]) {
    assertThrows(() => checkSides({ minSide }), RangeError, `Cannot draw with minSide ${minSide}`);
  }
  for (const maxSide of [-1, 0, 1.5, NaN, -Infinity]) {
    assertThrows(() => checkSides({ maxSide }), RangeError, `Cannot draw with maxSide ${maxSide}`);
  }
  assertThrows(
    () => checkSides({ minSide: 512, maxSide: 256 }),
    RangeError,
    "Cannot draw with minSide 512 and maxSide 256: use 256 at most",
  );
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
