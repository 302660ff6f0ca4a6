import { assertEquals, assertThrows } from "@std/assert";
import type { Fitting } from "./window.ts";
import { type FitMode, windowOn } from "./window.ts";

/** Where the window lies on a photo 80 wide and 40 high, and what becomes of the part that it shows. */
interface Case {
  readonly name: string;
  readonly fitting: Fitting;
  readonly size: readonly [height: number, width: number];
  /** x, y, width, height. */
  readonly placement: readonly [number, number, number, number];
  /** The same, of the part of the photo; as the placement if left out. */
  readonly box?: readonly [number, number, number, number];
  /** Height and width that it is resized to; those of the input if left out. */
  readonly resized?: readonly [number, number];
  /** From the top and the left; 0 if left out. */
  readonly corner?: readonly [number, number];
}

const cases: readonly Case[] = [
  { name: "squashed", fitting: { fit: "squash" }, size: [10, 30], placement: [0, 0, 80, 40] },
  {
    name: "the middle of what is squashed",
    fitting: { fit: "squash", cropFraction: 0.5 },
    size: [10, 30],
    placement: [20, 10, 40, 20],
  },
  {
    name: "the middle of what is squashed to whole pixels: 3 of 7 in height, 3 of 7 in width",
    fitting: { fit: "squash", cropFraction: 3 / 7, cropRounding: "down" },
    size: [3, 3],
    placement: [2 * 80 / 7, 2 * 40 / 7, 3 * 80 / 7, 3 * 40 / 7],
  },
  { name: "the middle", fitting: { fit: "crop" }, size: [10, 10], placement: [20, 0, 40, 40] },
  {
    name: "less of it",
    fitting: { fit: "crop", cropFraction: 0.75 },
    size: [10, 10],
    placement: [25, 5, 30, 30],
  },
  {
    name: "10 of 13 × 26, the corner rounded down to 1 and 8",
    fitting: { fit: "crop", cropFraction: 10 / 13, cropRounding: "down" },
    size: [10, 10],
    placement: [8 * 80 / 26, 40 / 13, 10 * 80 / 26, 10 * 40 / 13],
  },
  {
    name: "10 of 13 × 26, the corner of 1.5 rounded to even 2",
    fitting: { fit: "crop", cropFraction: 10 / 13, cropRounding: "even" },
    size: [10, 10],
    placement: [8 * 80 / 26, 2 * 40 / 13, 10 * 80 / 26, 10 * 40 / 13],
  },
  {
    name: "10 of 15 × 30, the corner of 2.5 rounded to even 2",
    fitting: { fit: "crop", cropFraction: 10 / 15, cropRounding: "even" },
    size: [10, 10],
    placement: [10 * 80 / 30, 2 * 40 / 15, 10 * 80 / 30, 10 * 40 / 15],
  },
  {
    name: "more than there is: 13 rows of 10, a border of 2 above and 1 below",
    fitting: { fit: "crop", cropFraction: 1.3, cropRounding: "down" },
    size: [13, 13],
    placement: [3 * 4, -2 * 4, 13 * 4, 13 * 4],
    box: [3 * 4, 0, 13 * 4, 40],
    resized: [10, 13],
    corner: [2, 0],
  },
  {
    name: "the same rounded as torchvision does: a border of 1 above",
    fitting: { fit: "crop", cropFraction: 1.3, cropRounding: "even" },
    size: [13, 13],
    placement: [4 * 4, -1 * 4, 13 * 4, 13 * 4],
    box: [4 * 4, 0, 13 * 4, 40],
    resized: [10, 13],
    corner: [1, 0],
  },
  {
    name: "whole in a border",
    fitting: { fit: "letterbox", cropRounding: "down", cropFraction: 0.5 },
    size: [20, 20],
    placement: [0, -20, 80, 80],
    box: [0, 0, 80, 40],
    resized: [10, 20],
    corner: [5, 0],
  },
];

Deno.test("windowOn() says where on the photo the model looks", async (t) => {
  for (const { name, fitting, size, placement, box = placement, resized = size, corner = [0, 0] } of cases) {
    await t.step(name, () => {
      const [height, width] = size;
      const window = windowOn({ width: 80, height: 40 }, { height, width }, fitting);
      const numbers = ({ x, y, width, height }: typeof window.box) => [x, y, width, height];
      assertEquals(numbers(window.placement), [...placement]);
      assertEquals(numbers(window.box), [...box]);
      assertEquals([window.resized.height, window.resized.width], [...resized]);
      assertEquals([window.top, window.left], [...corner]);
    });
  }
});

Deno.test("windowOn() keeps within the photo, whatever its shape", () => {
  const fittings: readonly Fitting[] = (["down", "even"] as const).flatMap((cropRounding) =>
    [0.03, 0.5, 0.97, 1, 1.4].flatMap((cropFraction) =>
      (["crop", "squash"] as const).map((fit) => ({ fit, cropFraction, cropRounding }))
    )
  );
  for (const photo of [{ width: 1, height: 1 }, { width: 997, height: 3 }, { width: 3, height: 4000 }]) {
    for (const fitting of fittings) {
      const size = { height: 13, width: 22 };
      const { box, resized, top, left } = windowOn(photo, size, fitting);
      const isIn = box.x >= 0 && box.y >= 0 && box.x + box.width <= photo.width + 1e-9 &&
        box.y + box.height <= photo.height + 1e-9 && resized.width >= 1 && resized.height >= 1 &&
        top >= 0 && left >= 0 && top + resized.height <= size.height && left + resized.width <= size.width;
      assertEquals(isIn, true, JSON.stringify({ photo, fitting, box, resized, top, left }));
    }
  }
});

Deno.test("windowOn() refuses what there is not", () => {
  const fit = "stretch" as FitMode;
  assertThrows(
    () => windowOn({ width: 2, height: 1 }, { width: 1, height: 1 }, { fit }),
    RangeError,
    'Unknown fit "stretch": use one of squash, crop, letterbox',
  );
});
