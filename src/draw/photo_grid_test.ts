import { assert, assertEquals } from "@std/assert";
import type { RgbaImage } from "../input/image/types.ts";
import { PhotoGrid } from "./photo_grid.ts";
import { gridCapacity, gridRoom, gridSizes, mostColumns } from "./photo_grid_size.ts";
import { loadFont } from "./text/font.ts";

const font = await loadFont();

function pictureOf(height: number, width: number, color: readonly number[]): RgbaImage {
  return {
    data: Uint8ClampedArray.from({ length: height * width * 4 }, (_, at) => color[at % 4]!),
    height,
    width,
  };
}

function pixel({ data, width }: RgbaImage, x: number, y: number): number[] {
  return [...data.subarray((y * width + x) * 4, (y * width + x) * 4 + 4)];
}

Deno.test("gridCapacity() keeps grids within memory", () => {
  for (let columns = 1; columns <= mostColumns; columns++) {
    const [capacity, { step, width }] = [gridCapacity(columns), gridSizes(columns)];
    const height = capacity / columns * step;
    assert(capacity >= 50 && capacity <= 200 && capacity % columns === 0, `${columns}: ${capacity}`);
    assert(height <= 16_000 && height * width <= 2 ** 24 && width < 5000, `${columns}: ${width} × ${height}`);
  }
});

Deno.test("PhotoGrid puts pictures into rows, above their words", () => {
  const grid = new PhotoGrid(font, 2);
  const { height, width } = gridRoom(2);
  const [red, blue] = [[200, 0, 0, 255], [0, 0, 200, 255]];
  grid.add({ picture: pictureOf(height, width, red), name: "a.jpg", what: "cat", score: "0.9" });
  grid.add({ name: "b.jpg", what: "not explained" });
  grid.add({ picture: pictureOf(height / 2, width / 2, blue), name: "c.jpg", what: "", score: "0.9" });
  const drawn = grid.draw();
  const { step } = gridSizes(2);
  assertEquals([drawn.width, drawn.height, grid.count], [2 * (width + 14) + 14, 2 * step + 14, 3]);
  assertEquals([pixel(drawn, 14, 14), pixel(drawn, 13 + width, 13 + height)], [red, red]);
  assertEquals(pixel(drawn, 14 + width + 14, 14), [236, 236, 236, 255]);
  assertEquals(pixel(drawn, 14, step + 14 + height - 1), [255, 255, 255, 255]); // in the middle
  assertEquals(pixel(drawn, 14 + width / 2, step + 14 + height - 1), blue);
  assertEquals(pixel(drawn, drawn.width - 20, step + 40), [255, 255, 255, 255]);
});

Deno.test("PhotoGrid shortens names, never scores, and is no wider than its cells", () => {
  const long = "жовтий cœur 猫_".repeat(20);
  const inkedBelow = (name: string, what: string) => {
    const grid = new PhotoGrid(font, 3);
    grid.add({ name, what, score: "0.912" });
    const drawn = grid.draw();
    const { height, width } = gridRoom(3);
    assertEquals(drawn.width, width + 28);
    const xs = [];
    for (let x = 0; x < drawn.width; x++) {
      for (let y = 14 + height; y < drawn.height; y++) if (pixel(drawn, x, y)[0]! < 150) xs.push(x);
    }
    return [xs.reduce((a, b) => Math.min(a, b)), xs.reduce((a, b) => Math.max(a, b)), width] as const;
  };
  const [left, right, width] = inkedBelow(long, long);
  assert(left >= 14 && right < 14 + width && right > width - 20, `${left} ${right} ${width}`);
});

Deno.test("PhotoGrid is full when it says so", () => {
  const grid = new PhotoGrid(font, mostColumns);
  for (let at = 0; at < gridCapacity(mostColumns); at++) {
    assertEquals(grid.isFull, false);
    grid.add({ name: "", what: "" });
  }
  assertEquals(grid.isFull, true);
});
