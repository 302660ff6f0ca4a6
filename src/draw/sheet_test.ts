import { assert, assertEquals, assertRejects } from "@std/assert";
import type { RgbaImage } from "../input/image/types.ts";
import { mostRows, renderSheet, type SheetCell, type SheetRow } from "./sheet.ts";
import { cellSize } from "./sheet_size.ts";

/** 2 high, 3 wide. */
const heatmap = { data: Float32Array.of(0, 0, 1, 0, 0, 1), height: 2, width: 3 };
const blue = [20, 40, 200, 255];
const long = "жовтий cœur 猫 a_very_long_name ".repeat(20);

function photoOf(height: number, width: number): RgbaImage {
  return {
    data: Uint8ClampedArray.from({ length: height * width * 4 }, (_, at) => blue[at % 4]!),
    height,
    width,
  };
}

function pixel({ data, width }: RgbaImage, x: number, y: number): number[] {
  return [...data.subarray((y * width + x) * 4, (y * width + x) * 4 + 4)];
}

const photoCell: SheetCell = { name: "photo", facts: [] };

function cellOf(scale: "range" | "symmetric" = "range", name = "Grad-CAM"): SheetCell {
  return { map: { heatmap, scale }, name, facts: ["0.900 · 12 ms", "0.900"] };
}

/** Where pixels are that look like something, in a rectangle. */
function inked(sheet: RgbaImage, left: number, top: number, right: number, bottom: number): number {
  let count = 0;
  for (let y = top; y < bottom; y++) {
    for (let x = left; x < right; x++) if (pixel(sheet, x, y)[1]! < 200) count++;
  }
  return count;
}

Deno.test("cellSize() is bounded, whatever is asked for", async (t) => {
  const cases = [
    { photo: [300, 400], rows: 1, columns: 3, size: [300, 400] },
    { photo: [3000, 4000], rows: 2, columns: 3, size: [300, 400] },
    { photo: [15, 20], rows: 1, columns: 2, size: [150, 200] },
    { photo: [2000, 10], rows: 1, columns: 2, size: [300, 2] },
    { photo: [300, 400], rows: 1, columns: 2, maxSide: 40, size: [30, 40] },
    { photo: [300, 400], rows: 20, columns: 29 },
    { photo: [400, 300], rows: 40, columns: 29 },
    { photo: [400, 20], rows: 40, columns: 29 },
  ] as const;
  for (const { photo: [height, width], ...plan } of cases) {
    await t.step(JSON.stringify([height, width, plan.rows, plan.columns]), () => {
      const size = cellSize({ photo: { height, width }, ...plan });
      if ("size" in plan) assertEquals([size.height, size.width], [...plan.size]);
      const across = plan.columns * (Math.max(size.width, 110) + 16);
      const down = plan.rows * (size.height + 84);
      assert(
        across <= 4096 && across * down < 20e6 && size.height >= 1 && size.width >= 1,
        `${across} × ${down}`,
      );
    });
  }
});

Deno.test("renderSheet() puts the photo first and each map into its row and column", async () => {
  const rows: readonly SheetRow[] = [
    { title: { name: "cat", score: "0.9" }, cells: [photoCell, cellOf(), cellOf()] },
    { title: { name: "dog", score: "0.1" }, cells: [undefined, undefined, cellOf()] },
  ];
  const sheet = await renderSheet(photoOf(100, 200), rows, { alpha: 1, opacity: "constant" });
  const column = 200 + 16;
  const first = Array.from({ length: sheet.height }, (_, y) => y).find((y) =>
    pixel(sheet, 24, y).join() === blue.join()
  )!;
  const second = Array.from({ length: sheet.height }, (_, y) => y).findLast((y) =>
    pixel(sheet, 24 + 2 * column + 199, y).join() === [253, 231, 36, 255].join()
  )!;
  assertEquals([0, 199].map((x) => pixel(sheet, 24 + x, first + 99)), [blue, blue]);
  assertEquals([1, 2].map((at) => pixel(sheet, 24 + at * column, first)), [[68, 1, 84, 255], [
    68,
    1,
    84,
    255,
  ]]);
  assertEquals(pixel(sheet, 24 + column + 199, first), [253, 231, 36, 255]);
  assert(second > first + 150);
  assertEquals(inked(sheet, 24, second - 98, 24 + 2 * column, second), 0); // nothing where there is no map
  assertEquals(pixel(sheet, 24 + 3 * column, first), [253, 231, 36, 255]); // the bar
});

Deno.test("renderSheet() has a bar for each kind of scale, with the names of what is drawn so", async () => {
  const sheetOf = (cells: SheetCell[], options = {}) =>
    renderSheet(photoOf(100, 200), [{ cells: [photoCell, ...cells] }], options);
  const [one, two, alike] = [
    await sheetOf([cellOf(), cellOf(), cellOf()]),
    await sheetOf([cellOf(), cellOf("symmetric"), cellOf()]),
    await sheetOf([cellOf(), cellOf("symmetric"), cellOf()], { colormap: "gray" }),
  ];
  assert(two.width > one.width + 100, `${one.width} ${two.width}`);
  assertEquals(alike.width, two.width); // their words differ
});

Deno.test("renderSheet() keeps its margins whatever names say, and cells apart", async (t) => {
  const cells = [
    photoCell,
    cellOf("range", long),
    cellOf("symmetric", long),
    cellOf("symmetric", long.replaceAll(" ", "_")),
  ];
  const cases = [
    ["a row", [{ cells }], { title: { name: long, score: "0.5" }, details: [["layer", long]] }],
    ["rows", [{ title: { name: long, score: "0.5" }, cells }, {
      title: { name: long, score: long.slice(0, 20) },
      cells: [],
    }], {}],
    ["one cell", [{ cells: [cellOf("range", long)] }], {}],
  ] as const;
  for (const [name, rows, options] of cases) {
    for (const [height, width] of [[100, 200], [400, 8]] as const) {
      await t.step(`${name}, ${width} × ${height}`, async () => {
        const sheet = await renderSheet(photoOf(height, width), rows, options);
        assertEquals(inked(sheet, 0, 0, 22, sheet.height), 0);
        assertEquals(inked(sheet, sheet.width - 22, 0, sheet.width, sheet.height), 0);
        assertEquals(inked(sheet, 0, sheet.height - 18, sheet.width, sheet.height), 0);
        const column = Math.max(
          cellSize({ photo: { height, width }, rows: rows.length, columns: rows[0].cells.length }).width,
          110,
        );
        if (name !== "a row") return;
        const words = sheet.height - 60; // below the pictures
        assertEquals(inked(sheet, 24 + column + 1, words, 24 + column + 15, sheet.height), 0);
      });
    }
  }
});

Deno.test("renderSheet() draws the first of very many rows, and says so", async () => {
  const rows = Array.from({ length: mostRows + 5 }, () => ({ cells: [cellOf()] }));
  const small = photoOf(20, 20);
  const all = await renderSheet(small, rows.slice(0, mostRows), { maxSide: 20 });
  const more = await renderSheet(small, rows, { maxSide: 20 });
  assert(more.height > all.height && more.height < all.height + 60); // a line of the heading
});

Deno.test("renderSheet() refuses what it cannot draw", async () => {
  await assertRejects(
    () => renderSheet(photoOf(2, 3), [{ cells: [cellOf()] }], { alpha: 2 }),
    RangeError,
    "Cannot draw with alpha 2",
  );
});
