import { assert, assertAlmostEquals, assertEquals } from "@std/assert";
import type { RgbaImage } from "../input/image/types.ts";
import { whitePaper } from "./paste.ts";
import { drawLine, fillOutline, type Point, roundedBox } from "./strokes.ts";

const black = [0, 0, 0] as const;

/** How much ink there is, in whole pixels. */
function inkOf({ data }: RgbaImage): number {
  let sum = 0;
  for (let at = 0; at < data.length; at += 4) sum += 1 - data[at]! / 255;
  return sum;
}

function red({ data, width }: RgbaImage, x: number, y: number): number {
  return data[(y * width + x) * 4]!;
}

Deno.test("drawLine() covers as much as the line is long and wide, whatever its direction", () => {
  const cases: readonly (readonly [Point, Point])[] = [
    [[10, 20], [50, 20]],
    [[10.3, 20.4], [50.3, 20.4]],
    [[20, 8], [20, 48]],
    [[10, 10], [38.28, 38.28]],
    [[50, 20], [10, 20]],
  ];
  for (const line of cases) {
    const paper = whitePaper({ height: 50, width: 60 });
    drawLine(paper, line, { width: 3, color: black });
    const [[fromX, fromY], [toX, toY]] = line;
    const length = Math.hypot(toX - fromX, toY - fromY);
    assertAlmostEquals(inkOf(paper), 3 * length + Math.PI * 1.5 ** 2, 3);
  }
});

Deno.test("drawLine() does not draw a place twice where a line turns or crosses itself", () => {
  const paper = whitePaper({ height: 40, width: 60 });
  const grey = [100, 100, 100] as const;
  drawLine(paper, [[5, 20], [50, 20], [5, 20.5], [30, 5], [30, 35]], { width: 4, color: grey });
  let least = 255;
  for (let at = 0; at < paper.data.length; at += 4) least = Math.min(least, paper.data[at]!);
  assertEquals(least, 100);
});

Deno.test("drawLine() draws discs, dashes, and nothing outside of the picture", () => {
  const disc = whitePaper({ height: 30, width: 40 });
  drawLine(disc, [[20, 15]], { width: 20, color: black });
  assertAlmostEquals(inkOf(disc), Math.PI * 100, 4);
  const dashed = whitePaper({ height: 10, width: 100 });
  drawLine(dashed, [[0, 5], [40, 5], [100, 5]], { width: 2, color: black, dash: [6, 14] });
  assertEquals([3, 10, 16, 23, 30, 43, 50].map((x) => red(dashed, x, 4) < 128), [
    true,
    false,
    false,
    true,
    false,
    true,
    false,
  ]);
  const off = whitePaper({ height: 8, width: 9 });
  drawLine(off, [[-50, -50], [-20, 30]], { width: 3, color: black });
  drawLine(off, [], { width: 3, color: black });
  assertEquals(inkOf(off), 0);
  drawLine(off, [[-50, 4], [90, 4]], { width: 2, color: black });
  assertEquals(inkOf(off), 18);
});

Deno.test("fillOutline() fills as much as the outline holds, also where it crosses itself", () => {
  const paper = whitePaper({ height: 30, width: 50 });
  fillOutline(paper, [[5, 5], [25, 5], [25, 15], [5, 15]], black);
  assertAlmostEquals(inkOf(paper), 200, 0.01);
  const bow = whitePaper({ height: 30, width: 50 });
  fillOutline(bow, [[5, 5], [25, 25], [25, 5], [5, 25]], black, 0.5);
  assertAlmostEquals(inkOf(bow), 100, 2); // two triangles of 100 each, half covered
  const box = whitePaper({ height: 30, width: 50 });
  fillOutline(box, roundedBox({ left: 4, top: 3, width: 40, height: 20 }, 6), black);
  assertAlmostEquals(inkOf(box), 800 - (4 - Math.PI) * 36, 2);
  assert(red(box, 4, 3) > 200 && red(box, 24, 3) === 0);
});
