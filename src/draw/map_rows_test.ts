import { assert, assertAlmostEquals, assertEquals } from "@std/assert";
import { MapRows } from "./map_rows.ts";

/** 2 high, 3 wide. */
const heatmap = { data: Float32Array.of(0, 0.2, 1, 0.4, NaN, 0.6), height: 2, width: 3 };

/** All rows, one after another. */
function readAll(rows: MapRows): number[] {
  const { height, width } = rows.picture;
  const row = new Float32Array(width);
  return Array.from({ length: height }, (_, y) => {
    rows.read(y, row);
    return [...row];
  }).flat();
}

Deno.test("MapRows passes through each cell's value at its centre", () => {
  // Enlarged five times, the centre of a cell is the centre of a pixel.
  const values = readAll(new MapRows(heatmap, { height: 10, width: 15 }));
  [0, 0.2, 1, 0.4, 0, 0.6].forEach((value, cell) => {
    const [x, y] = [cell % 3 * 5 + 2, Math.floor(cell / 3) * 5 + 2];
    assertAlmostEquals(values[y * 15 + x]!, value, 1e-6);
  });
});

Deno.test("MapRows stays within 0 and 1", () => {
  const checkered = {
    data: Float32Array.from({ length: 30 }, (_, at) => (at + Math.floor(at / 6)) % 2),
    height: 5,
    width: 6,
  };
  const values = readAll(new MapRows(checkered, { height: 70, width: 90 }));
  assert(values.every((value) => value >= 0 && value <= 1));
  assertEquals([Math.min(...values), Math.max(...values)], [0, 1]);
});

Deno.test("MapRows reads no more than the model saw", () => {
  const rows = new MapRows(heatmap, {
    height: 8,
    width: 12,
    placement: { x: 3, y: -1, width: 6, height: 6 },
  });
  assertEquals([rows.down, rows.across], [[0, 5], [3, 9]]);
  const aside = new MapRows(heatmap, { height: 4, width: 4, placement: { x: 9, y: 9, width: 2, height: 2 } });
  assertEquals([aside.down, aside.across], [[0, 0], [0, 0]]);
});
