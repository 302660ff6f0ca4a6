import { assertEquals, assertThrows } from "@std/assert";
import { type FitMode, fitPhoto } from "./fit.ts";
import type { Placement, RgbaImage } from "./types.ts";

/** A white photo, 8 wide and 4 high. */
const photo: RgbaImage = { data: new Uint8ClampedArray(8 * 4 * 4).fill(255), height: 4, width: 8 };

interface FitCase {
  readonly fit: FitMode;
  readonly size: { readonly height: number; readonly width: number };
  readonly placement: Placement;
  /** The first row of the result and the first column, red only. */
  readonly row: readonly number[];
  readonly column: readonly number[];
}

const cases: readonly FitCase[] = [
  {
    fit: "squash",
    size: { height: 3, width: 2 },
    placement: { x: 0, y: 0, width: 8, height: 4 },
    row: [255, 255],
    column: [255, 255, 255],
  },
  {
    fit: "crop",
    size: { height: 2, width: 2 },
    placement: { x: 2, y: 0, width: 4, height: 4 },
    row: [255, 255],
    column: [255, 255],
  },
  {
    fit: "letterbox", // half as large, a row of black above and below
    size: { height: 4, width: 4 },
    placement: { x: 0, y: -2, width: 8, height: 8 },
    row: [0, 0, 0, 0],
    column: [0, 255, 255, 0],
  },
  {
    fit: "letterbox", // as large, black at the left and right
    size: { height: 4, width: 10 },
    placement: { x: -1, y: 0, width: 10, height: 4 },
    row: [0, 255, 255, 255, 255, 255, 255, 255, 255, 0],
    column: [0, 0, 0, 0],
  },
];

Deno.test("fitPhoto() says where on the photo the model looks", async (t) => {
  for (const { fit, size, placement, row, column } of cases) {
    await t.step(`${fit} to ${size.height} × ${size.width}`, () => {
      const fitted = fitPhoto(photo, { ...size, channels: 3 }, fit);
      const { data, height, width } = fitted.planes;
      assertEquals(fitted.placement, placement);
      assertEquals([height, width], [size.height, size.width]);
      assertEquals([...data.subarray(0, width)], [...row]);
      assertEquals(Array.from({ length: height }, (_, y) => data[y * width]!), [...column]);
    });
  }
});

Deno.test("fitPhoto() makes grey of colours as ITU-R 601 weighs them", () => {
  const data = new Uint8ClampedArray([255, 0, 0, 255, 0, 255, 0, 255, 0, 0, 255, 255]);
  const { planes } = fitPhoto({ data, height: 1, width: 3 }, { height: 1, width: 3, channels: 1 }, "squash");
  assertEquals([...planes.data], [76, 150, 29]);
});

Deno.test("fitPhoto() refuses what it cannot do", () => {
  assertThrows(
    () => fitPhoto(photo, { height: 2, width: 3, channels: 5 }, "squash"),
    RangeError,
    "Cannot feed a photo into a model of 5 channels: it has 3, 1 if grey, or 4 with its opacity",
  );
  assertThrows(
    () => fitPhoto(photo, { height: 2, width: 3, channels: 3 }, "stretch" as FitMode),
    RangeError,
    'Unknown fit "stretch": use one of squash, crop, letterbox',
  );
});
