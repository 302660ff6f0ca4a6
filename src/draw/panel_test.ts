import { assert, assertEquals, assertRejects } from "@std/assert";
import { colormaps } from "./colormaps/mod.ts";
import type { RgbaImage } from "../input/image/types.ts";
import { type PanelOptions, renderPanel } from "./panel.ts";

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
    { name: "portrait", from: [2000, 1000], to: [420, 210] },
    { name: "small", from: [20, 30], to: [256, 384] },
    { name: "tiny", from: [8, 8], to: [256, 256] },
    { name: "a strip", from: [2, 1280], to: [1, 640] },
    { name: "a pole", from: [1680, 8], to: [420, 2] },
  ] as const;
  for (const { name, from, to } of cases) {
    await t.step(name, async () => {
      const panel = await renderPanel(photoOf(from[0], from[1]), heatmap, { alpha: 1, opacity: "constant" });
      const { height, width } = findPhoto(panel);
      assertEquals([height, width], [...to]);
    });
  }
});

Deno.test("renderPanel() shows photo, heatmap, overlay and bar side by side", async () => {
  const panel = await renderPanel(photoOf(300, 400), heatmap, {
    title: { name: "cat", score: "0.900" },
    details: [["method", "gradcam"]],
    opacity: "constant",
  });
  const photo = findPhoto(panel);
  const step = 400 + 16; // one picture and the gap
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

Deno.test("renderPanel() puts the map where the model looked, scaled with the photo", async () => {
  const placement = { x: 200, y: 0, width: 600, height: 600 };
  const panel = await renderPanel(photoOf(600, 1000), heatmap, { placement, colormap: "gray" }); // 384 × 640
  const photo = findPhoto(panel);
  const heatmapLeft = photo.x + 640 + 16;
  const [y, grey] = [photo.y + 10, [128, 128, 128, 255]];
  assertEquals(pixel(panel, heatmapLeft + 127, y), grey);
  assertEquals(pixel(panel, heatmapLeft + 128, y), [0, 0, 0, 255]);
  assertEquals(pixel(panel, heatmapLeft + 511, y), white);
  assertEquals(pixel(panel, heatmapLeft + 512, y), grey);
});

/** How many pixels of a rectangle are darker than the background. */
function inked(panel: RgbaImage, left: number, top: number, right: number, bottom: number): number {
  let count = 0;
  for (let y = top; y < bottom; y++) {
    for (let x = left; x < right; x++) if (pixel(panel, x, y)[1]! < 200) count++;
  }
  return count;
}

Deno.test("renderPanel() keeps its width and its margins whatever it says", async (t) => {
  const short = await renderPanel(photoOf(256, 300), heatmap, { title: { name: "cat", score: "0.5" } });
  const long = "жовтий cœur 猫 ".repeat(40);
  const cases: readonly PanelOptions[] = [
    { title: { name: long, score: "0.5" } },
    { title: { name: long.replaceAll(" ", "_"), score: "0.5" } },
    { title: { name: "", score: "0.5" }, details: [["layer", long], ["method", "gradcam"]] },
    { title: { name: "cat", score: "0.5" }, details: Array(30).fill(["layer", "block_1"]) },
    { details: [[long, long]] },
  ];
  for (const [index, options] of cases.entries()) {
    await t.step(`case ${index}`, async () => {
      const panel = await renderPanel(photoOf(256, 300), heatmap, options);
      assertEquals(panel.width, short.width);
      assertEquals(inked(panel, 0, 0, 22, panel.height), 0);
      assertEquals(inked(panel, panel.width - 22, 0, panel.width, panel.height), 0);
      assertEquals(inked(panel, 0, 0, panel.width, 18), 0);
      assertEquals(inked(panel, 0, panel.height - 20, panel.width, panel.height), 0);
      assert(inked(panel, 22, 22, panel.width, 60) > 0);
    });
  }
});

Deno.test("renderPanel() has room for words where pictures are narrow", async () => {
  const panel = await renderPanel(photoOf(1680, 8), heatmap, { title: { name: "cat", score: "0.5" } });
  assertEquals(panel.width, 640);
});

Deno.test("renderPanel() marks the map's zero on the bar", async () => {
  const scaled = { raw: { data: Float32Array.of(-1, 3), height: 1, width: 2 }, relu: false };
  const [plain, marked] = [
    await renderPanel(photoOf(300, 400), heatmap),
    await renderPanel(photoOf(300, 400), heatmap, { scaled }),
  ];
  const { x, y } = findPhoto(plain);
  const zero = [x + 3 * 416, y + Math.round(0.75 * 299)] as const;
  const { colors } = colormaps[0]!;
  assertEquals(pixel(plain, ...zero), [...colors.subarray(64 * 3, 65 * 3), 255]);
  assertEquals(pixel(marked, ...zero), [17, 17, 17, 255]);
});

Deno.test("renderPanel() refuses what it cannot draw", async () => {
  const photo = photoOf(2, 3);
  await assertRejects(
    () => renderPanel(photo, heatmap, { alpha: 2 }),
    RangeError,
    "Cannot draw with alpha 2",
  );
  await assertRejects(
    () => renderPanel(photo, heatmap, { colormap: "hot" }),
    RangeError,
    'Unknown colour map "hot"',
  );
});
