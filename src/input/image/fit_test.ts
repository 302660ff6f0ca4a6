import { assertEquals, assertThrows } from "@std/assert";
import { fitPhoto } from "./fit.ts";
import type { Placement, RgbaImage } from "./types.ts";
import type { FitMode } from "./window.ts";

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
      const fitted = fitPhoto(photo, { ...size, channels: 3 }, { fit });
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
  const { planes } = fitPhoto({ data, height: 1, width: 3 }, { height: 1, width: 3, channels: 1 }, {
    fit: "squash",
  });
  assertEquals([...planes.data], [76, 150, 29]);
});

/** Colours with opacity, 6 wide and 4 high, some of them transparent and some opaque, drawn at random. */
// deno-fmt-ignore -- a picture in numbers
const translucent: RgbaImage = {
  data: new Uint8ClampedArray([
    248, 194, 190, 0, 147, 26, 237, 0, 245, 211, 239, 0, 5, 157, 159, 60, 54, 236, 109, 46, 199, 82, 32, 205,
    36, 7, 134, 222, 57, 146, 8, 149, 14, 15, 22, 10, 144, 208, 24, 24, 7, 41, 11, 85, 59, 104, 225, 110,
    226, 201, 8, 159, 26, 27, 163, 122, 33, 41, 201, 67, 70, 166, 228, 40, 50, 179, 0, 177, 137, 63, 13, 188,
    255, 64, 94, 8, 8, 156, 25, 29, 157, 146, 190, 115, 219, 135, 39, 255, 237, 127, 72, 255, 168, 21, 73, 255,
  ]),
  height: 4,
  width: 6,
};

/** What Pillow 13.0's `resize((width, height), BICUBIC)` makes of it, as RGBA. */
// deno-fmt-ignore -- likewise
const pillowTranslucent = [
  {
    height: 2,
    width: 3,
    data: [
      59, 70, 84, 94, 0, 163, 112, 25, 97, 104, 74, 110,
      103, 109, 89, 91, 153, 130, 106, 115, 158, 97, 49, 201,
    ],
  },
  {
    height: 3,
    width: 5,
    data: [
      13, 4, 129, 57, 61, 183, 0, 25, 11, 173, 139, 22, 15, 166, 104, 49, 169, 90, 69, 158,
      106, 89, 80, 199, 34, 81, 88, 110, 30, 90, 255, 17, 24, 144, 8, 95, 85, 89, 78, 146,
      242, 210, 0, 40, 45, 86, 189, 62, 186, 134, 102, 156, 212, 147, 52, 228, 169, 45, 55, 244,
    ],
  },
];

Deno.test("fitPhoto() keeps the opacity for models of four channels, as Pillow does", async (t) => {
  for (const { height, width, data } of pillowTranslucent) {
    await t.step(`${height} × ${width}`, () => {
      const { planes } = fitPhoto(translucent, { height, width, channels: 4 }, { fit: "squash" });
      assertEquals([planes.channels, planes.height, planes.width], [4, height, width]);
      const area = height * width;
      data.forEach((value, at) =>
        assertEquals(planes.data[at % 4 * area + Math.floor(at / 4)], value, `${at}`)
      );
    });
  }
  await t.step("letterboxed: the border is transparent", () => {
    const { planes } = fitPhoto(photo, { height: 4, width: 4, channels: 4 }, { fit: "letterbox" });
    assertEquals([...planes.data.subarray(3 * 16)], [0, 0, 0, 0, ...new Array(8).fill(255), 0, 0, 0, 0]);
  });
});

Deno.test("fitPhoto() refuses what it cannot do", () => {
  assertThrows(
    () => fitPhoto(photo, { height: 2, width: 3, channels: 5 }, { fit: "squash" }),
    RangeError,
    "Cannot feed a photo into a model of 5 channels: it has 3, 1 if grey, or 4 with its opacity",
  );
  assertThrows(
    () => fitPhoto(photo, { height: 2, width: 3, channels: 3 }, { fit: "stretch" as FitMode }),
    RangeError,
    'Unknown fit "stretch": use one of squash, crop, letterbox',
  );
});
