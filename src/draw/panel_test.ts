import { assert, assertEquals, assertThrows } from "@std/assert";
import { colormaps } from "./colormaps/mod.ts";
import type { RgbaImage } from "../input/image/types.ts";
import { renderPanel } from "./panel.ts";

/** 2 high, 3 wide. */
const heatmap = { data: Float32Array.of(0, 0, 1, 0, 0, 1), height: 2, width: 3 };

const blue = [20, 40, 200, 255];
const white = [255, 255, 255, 255];

function photoOf(height: number, width: number): RgbaImage {
  const data = Uint8ClampedArray.from({ length: height * width * 4 }, (_, at) => blue[at % 4]!);
  return { data, height, width };
}

function pixel({ data, width }: RgbaImage, x: number, y: number): number[] {
  return [...data.subarray((y * width + x) * 4, (y * width + x) * 4 + 4)];
}

/** Where the photo lies in a panel: the rectangle of its colour. */
function findPhoto(panel: RgbaImage): { x: number; y: number; height: number; width: number } {
  const [xs, ys]: [number[], number[]] = [[], []];
  for (let at = 0; at < panel.height * panel.width; at++) {
    const [x, y] = [at % panel.width, Math.floor(at / panel.width)];
    if (pixel(panel, x, y).join() === blue.join()) {
      xs.push(x);
      ys.push(y);
    }
  }
  const [x, y] = [xs.reduce((a, b) => Math.min(a, b)), ys[0]!];
  return { x, y, height: ys.at(-1)! - y + 1, width: xs.reduce((a, b) => Math.max(a, b)) - x + 1 };
}

Deno.test("renderPanel() scales photos to a common size", async (t) => {
  const cases = [
    { name: "as it is", from: [300, 400], to: [300, 400] },
    { name: "large", from: [840, 1000], to: [420, 500] },
    { name: "wide", from: [400, 1280], to: [200, 640] },
    { name: "small", from: [20, 30], to: [200, 300] },
    { name: "a strip", from: [2, 1280], to: [1, 640] },
    { name: "a pole", from: [1680, 8], to: [420, 2] },
  ] as const;
  for (const { name, from, to } of cases) {
    await t.step(name, () => {
      const { height, width } = findPhoto(renderPanel(photoOf(from[0], from[1]), heatmap, { alpha: 1 }));
      assertEquals([height, width], [...to]);
    });
  }
});

Deno.test("renderPanel() shows photo, heatmap, overlay and bar side by side", () => {
  const panel = renderPanel(photoOf(300, 400), heatmap, { title: "7 cat  0.9", subtitle: "gradcam" });
  const photo = findPhoto(panel);
  const step = 400 + photo.x; // one picture and the gap, which is as wide as the margin
  const [left, right, middle] = [photo.x, photo.x + 399, photo.y + 150];
  const { colors } = colormaps[0]!;
  const color = (index: number) => [...colors.subarray(index * 3, index * 3 + 3), 255];
  const blended = (index: number) =>
    color(index).map((value, channel) => Math.round(blue[channel]! * 0.6 + value * 0.4));

  assertEquals([pixel(panel, left, middle), pixel(panel, right, middle)], [blue, blue]);
  assertEquals(pixel(panel, right + 1, middle), white);
  assertEquals([pixel(panel, left + step, middle), pixel(panel, right + step, middle)], [
    color(0),
    color(255),
  ]);
  assertEquals(pixel(panel, left + 2 * step, middle), blended(0));
  assertEquals(pixel(panel, right + 2 * step, middle), blended(255));
  const bar = left + 3 * step;
  assertEquals(pixel(panel, bar, photo.y), color(255));
  assertEquals(pixel(panel, bar, photo.y + 299), color(0));
  assertEquals(pixel(panel, panel.width - 1, panel.height - 1), white);
});

Deno.test("renderPanel() puts the map where the model looked, scaled with the photo", () => {
  const placement = { x: 200, y: 0, width: 600, height: 600 };
  const panel = renderPanel(photoOf(600, 1000), heatmap, { placement, colormap: "gray" }); // 384 × 640
  const photo = findPhoto(panel);
  const heatmapLeft = photo.x + 640 + 20;
  const [y, grey] = [photo.y + 10, [128, 128, 128, 255]];
  assertEquals(pixel(panel, heatmapLeft + 127, y), grey);
  assertEquals(pixel(panel, heatmapLeft + 128, y), [0, 0, 0, 255]);
  assertEquals(pixel(panel, heatmapLeft + 511, y), white);
  assertEquals(pixel(panel, heatmapLeft + 512, y), grey);
});

Deno.test("renderPanel() keeps its size whatever the title", () => {
  const dark = ({ data, width }: RgbaImage, rows: number) =>
    data.subarray(0, rows * width * 4).filter((value, at) => at % 4 === 0 && value === 17).length;
  const short = renderPanel(photoOf(200, 300), heatmap, { title: "cat" });
  const long = renderPanel(photoOf(200, 300), heatmap, { title: "cat, ".repeat(100) });
  assertEquals(long.width, short.width);
  assert(dark(short, 60) > 0);
  assert(dark(long, 60) > dark(short, 60));
  // Nothing is drawn into the margins.
  for (let y = 0; y < long.height; y++) {
    for (let x = 0; x < 20; x++) {
      assertEquals([pixel(long, x, y), pixel(long, long.width - 1 - x, y)], [white, white]);
    }
  }
});

Deno.test("renderPanel() refuses what it cannot draw", () => {
  const photo = photoOf(2, 3);
  assertThrows(() => renderPanel(photo, heatmap, { alpha: 2 }), RangeError, "Cannot draw with alpha 2");
  assertThrows(
    () => renderPanel(photo, heatmap, { colormap: "hot" }),
    RangeError,
    'Unknown colour map "hot"',
  );
});
