import { assert, assertEquals, assertThrows } from "@std/assert";
import { colormaps } from "./colormaps/mod.ts";
import type { RgbaImage } from "../input/image/types.ts";
import { drawOverlay, renderHeatmap, renderOverlay } from "./overlay.ts";

/** 2 high, 3 wide. */
const heatmap = { data: Float32Array.of(0, 0.2, 1, 0.4, NaN, 0.6), height: 2, width: 3 };

/** A photo of one colour. */
function photoOf(height: number, width: number, color: readonly number[]): RgbaImage {
  return {
    data: Uint8ClampedArray.from({ length: height * width * 4 }, (_, at) => [...color, 255][at % 4]!),
    height,
    width,
  };
}

function pixel({ data, width }: RgbaImage, x: number, y: number): number[] {
  return [...data.subarray((y * width + x) * 4, (y * width + x) * 4 + 4)];
}

Deno.test("renderHeatmap() colours each cell at its own size", () => {
  const { colors } = colormaps[0]!;
  const picture = renderHeatmap(heatmap, { height: 2, width: 3 });
  [0, 51, 255, 102, 0, 153].forEach((index, at) => {
    assertEquals(pixel(picture, at % 3, Math.floor(at / 3)), [
      ...colors.subarray(index * 3, index * 3 + 3),
      255,
    ]);
  });
});

Deno.test("renderHeatmap() is bicubic, the edge going on", () => {
  const gradient = { data: Float32Array.of(0, 1), height: 1, width: 2 };
  const picture = renderHeatmap(gradient, { height: 3, width: 8, colormap: "gray" });
  // Centres of cells lie at 2 and 6 of 8; pixels' own at 0.5, 1.5, … Between them the curve is (t + 3 t² − 2 t³) / 2;
  // beyond them it falls below 0 and rises above 1, and is cut off.
  const between = [0.125, 0.375, 0.625, 0.875].map((t) => (t + 3 * t ** 2 - 2 * t ** 3) / 2);
  const expected = [0, 0, ...between, 1, 1].map((value) => Math.round(value * 255));
  assertEquals(Array.from({ length: 8 }, (_, x) => pixel(picture, x, 2)[0]!), expected);
});

Deno.test("renderOverlay() blends the colour with the photo", () => {
  const photo = photoOf(2, 3, [100, 200, 0]);
  const opaque = renderOverlay(photo, heatmap, { alpha: 1, colormap: "gray" });
  assertEquals(pixel(opaque, 2, 0), [255, 255, 255, 255]);
  const half = renderOverlay(photo, heatmap, { alpha: 0.5, colormap: "gray" });
  assertEquals(pixel(half, 2, 0), [178, 228, 128, 255]);
  for (const opacity of ["map", "constant"]) {
    assertEquals([...renderOverlay(photo, heatmap, { alpha: 0, opacity }).data], [...photo.data]);
  }
  assertEquals(pixel(photo, 2, 0), [100, 200, 0, 255]); // the photo itself is not changed
});

Deno.test("renderOverlay() covers the photo more the higher the map is", () => {
  const photo = photoOf(2, 3, [100, 200, 0]);
  const picture = renderOverlay(photo, heatmap, { alpha: 0.8, colormap: "gray" });
  assertEquals(pixel(picture, 0, 0), [100, 200, 0, 255]); // 0 is the photo
  // 0.2 is the colour 51, and covers 0.8 · 0.2² · (3 − 0.4) = 0.0832.
  assertEquals(pixel(picture, 1, 0), [96, 188, 4, 255]);
  // 0.6 is the colour 153, and covers 0.8 · 0.6² · (3 − 1.2) = 0.5184.
  assertEquals(pixel(picture, 2, 1), [127, 176, 79, 255]);
  const usual = renderOverlay(photoOf(2, 3, [101, 201, 2]), heatmap, { colormap: "gray" });
  assertEquals(pixel(usual, 2, 0), [209, 239, 179, 255]); // 0.7 at most
});

Deno.test("renderOverlay() covers the photo more the further a symmetric map is from its middle", () => {
  const photo = photoOf(1, 3, [100, 200, 0]);
  const signed = { data: Float32Array.of(0, 0.5, 1), height: 1, width: 3 };
  const { colors } = colormaps.find(({ name }) => name === "coolwarm")!;
  const ends = (picture: RgbaImage) => [0, 1, 2].map((x) => pixel(picture, x, 0));
  const color = (index: number) => [...colors.subarray(index * 3, index * 3 + 3), 255];
  const options = { alpha: 1, scale: "symmetric" } as const;
  assertEquals(ends(renderOverlay(photo, signed, options)), [color(0), [100, 200, 0, 255], color(255)]);
  // A named colour map stays, and so does what says nothing.
  assertEquals(ends(renderOverlay(photo, signed, { ...options, colormap: "gray" })), [
    [0, 0, 0, 255],
    [100, 200, 0, 255],
    [255, 255, 255, 255],
  ]);
  // 0.75 is half the way from the middle: the colour 191 covers 0.5² · (3 − 2 · 0.5) of it, nearly.
  const half = { data: Float32Array.of(0.75), height: 1, width: 1 };
  const distance = 2 * 191 / 255 - 1;
  const cover = distance ** 2 * (3 - 2 * distance);
  const blended = color(191).slice(0, 3).map((value, channel) =>
    Math.round([100, 200, 0][channel]! * (1 - cover) + value * cover)
  );
  assertEquals(pixel(renderOverlay(photoOf(1, 1, [100, 200, 0]), half, options), 0, 0).slice(0, 3), blended);
  assertEquals(pixel(renderHeatmap(signed, { height: 1, width: 3, scale: "symmetric" }), 1, 0), color(128));
});

Deno.test("renderOverlay() covers the photo alike where asked to, by 0.4", () => {
  const photo = photoOf(2, 3, [100, 200, 0]);
  const picture = renderOverlay(photo, heatmap, { opacity: "constant", colormap: "gray" });
  assertEquals([pixel(picture, 0, 0), pixel(picture, 2, 0)], [[60, 120, 0, 255], [162, 222, 102, 255]]);
});

Deno.test("renderOverlay() and renderHeatmap() draw the contour when asked to", () => {
  const photo = photoOf(60, 90, [100, 100, 100]);
  const plain = renderOverlay(photo, heatmap, { alpha: 0 });
  const lined = renderOverlay(photo, heatmap, { alpha: 0, contour: true });
  assertEquals([...plain.data], [...photo.data]);
  const white = (picture: RgbaImage) =>
    Array.from({ length: 5400 }, (_, at) => at).filter((at) => picture.data[at * 4] === 255);
  assert(white(lined).length > 20);
  // The upper tenth lies round the top right cell, whose centre is at (75, 15).
  assert(white(lined).every((at) => at % 90 > 50 && at / 90 < 40));
  const alone = renderHeatmap(heatmap, { height: 60, width: 90, contour: true, colormap: "inferno" });
  assert(white(alone).length > 20);
});

Deno.test("renderOverlay() puts the map where the model looked", async (t) => {
  const photo = photoOf(4, 6, [10, 10, 10]);
  const bright = { data: Float32Array.of(1, 1), height: 1, width: 2 };
  const seen = (picture: RgbaImage) =>
    Array.from(
      { length: 4 },
      (_, y) => Array.from({ length: 6 }, (_, x) => pixel(picture, x, y)[0] === 10 ? "." : "#").join(""),
    );
  const options = { alpha: 1, colormap: "gray" };
  await t.step("a crop", () => {
    const placement = { x: 1, y: 0, width: 4, height: 4 };
    assertEquals(seen(renderOverlay(photo, bright, { ...options, placement })), Array(4).fill(".####."));
  });
  await t.step("a letterbox: what lies beyond the photo is cut off", () => {
    const placement = { x: 0, y: -1, width: 6, height: 6 };
    const top = { data: Float32Array.of(0, 0, 1), height: 3, width: 1 };
    const picture = renderOverlay(photo, top, { ...options, placement, opacity: "constant" });
    // Rows are read at 0.25, 0.75, 1.25, 1.75 from the first cell's centre: (t + 3 t² − 2 t³) / 2 between the last two.
    assertEquals([0, 1, 2, 3].map((y) => pixel(picture, 0, y)[0]), [0, 0, 52, 203]);
  });
  await t.step("alone, it is grey where the model did not look", () => {
    const placement = { x: 1, y: 0, width: 4, height: 4 };
    const picture = renderHeatmap(bright, { height: 4, width: 6, placement });
    assertEquals(pixel(picture, 0, 0), [128, 128, 128, 255]);
  });
});

Deno.test("renderOverlay() refuses what it cannot draw", () => {
  const photo = photoOf(1, 1, [0, 0, 0]);
  for (const alpha of [-0.1, 1.1, NaN]) {
    assertThrows(
      () => renderOverlay(photo, heatmap, { alpha }),
      RangeError,
      `Cannot draw with alpha ${alpha}`,
    );
  }
  assertThrows(
    () => renderOverlay(photo, heatmap, { opacity: "mapp" }),
    RangeError,
    'Unknown opacity "mapp": use one of map, constant',
  );
  assertThrows(
    () => renderOverlay(photo, heatmap, { colormap: "hot" }),
    RangeError,
    'Unknown colour map "hot"',
  );
});

Deno.test("renderOverlay() and drawOverlay() do the same, wherever the photo's bytes lie", async (t) => {
  const [height, width] = [5, 7];
  const bytes = Uint8ClampedArray.from(
    { length: height * width * 4 },
    (_, at) => at % 4 === 3 ? 255 : at * 53 % 256,
  );
  const heatmap = { data: Float32Array.of(0, 0.3, 1, 0.6, 0.1, 0.9), height: 2, width: 3 };
  const placement = { x: 2, y: 1, width: 4, height: 3 };
  const options = { alpha: 0.5, opacity: "constant", placement };
  const expected = renderOverlay({ data: bytes, height, width }, heatmap, options).data;
  for (const offset of [0, 1, 2, 3, 4]) {
    await t.step(`${offset} bytes behind the beginning`, () => {
      const data = new Uint8ClampedArray(bytes.length + offset).subarray(offset);
      data.set(bytes);
      assertEquals(renderOverlay({ data, height, width }, heatmap, options).data, expected);
      assertEquals(data, bytes, "The photo stays as it is");
      assertEquals(drawOverlay({ data, height, width }, heatmap, options).data, data);
      assertEquals(data, expected);
    });
  }
});
