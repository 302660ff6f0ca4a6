/**
 * Draw docs/pictures/methods.jpg: one photo by every method of the registry.
 *
 *     deno task methods:picture
 */
import { gradcam, loadModel } from "../mod.ts";
import { renderSheet } from "../src/draw/sheet.ts";
import { methods } from "../src/methods/mod.ts";
import { writeJpeg } from "./write_jpeg.ts";

const photo = new URL("../testdata/photos/chelsea.png", import.meta.url);
const target = new URL("../docs/pictures/methods.jpg", import.meta.url);

/** How many pictures stand in a row, and the longer side of each in pixels. */
const columns = 5;
const side = 240;

using model = await loadModel();
const { maps, photo: pixels, placement } = await gradcam(model, photo, {
  method: methods.filter(({ at }) => at !== "tokens").map(({ name }) => name), // the model is no transformer
  settings: { samples: 150, channels: 64 }, // so that it takes minutes
});
const cells = [
  { name: "photo", facts: [] },
  ...maps.map((map) => ({
    map,
    name: methods.find(({ name }) => name === map.method)!.title,
    facts: [map.method],
  })),
];
const rows = Array.from({ length: Math.ceil(cells.length / columns) }, (_, row) => ({
  cells: cells.slice(row * columns, (row + 1) * columns),
}));
await writeJpeg(target, await renderSheet(pixels!, rows, { placement, maxSide: side }), 86);
