import type { RgbaImage } from "../input/image/types.ts";
import type { MapRows } from "./map_rows.ts";

/** The quantile of the map's values, over all pixels that the model saw, which the contour goes round: its upper tenth. */
export const contourQuantile = 0.9;

/** Values are counted in so many steps. */
const steps = 4096;

/** Half the line's width and its dark edges', in pixels, of a picture whose longer side is 512; larger ones have wider lines. */
const core = 0.8;
const edge = 1.9;
const side = 512;

const white = 255;
const dark = 20;
const edgeOpacity = 0.65;

/** The value that a tenth of the pixels lie above; `undefined` where none does, as on a flat map. */
export function contourLevel(rows: MapRows): number | undefined {
  const counts = new Uint32Array(steps + 1);
  const row = new Float32Array(rows.picture.width);
  const [left, right] = rows.across;
  for (let y = rows.down[0]; y < rows.down[1]; y++) {
    rows.read(y, row);
    for (let x = left; x < right; x++) counts[Math.round(row[x]! * steps)]!++;
  }
  const last = counts.findLastIndex((count) => count > 0);
  if (counts.findIndex((count) => count > 0) === last) return undefined;
  let wanted = (right - left) * (rows.down[1] - rows.down[0]) * (1 - contourQuantile);
  for (let step = last; step > 0; step--) {
    wanted -= counts[step]!;
    if (wanted <= 0) return (step - 0.5) / steps;
  }
  return undefined;
}

/** How much of a pixel a line covers whose middle is so far away, all in pixels. */
function cover(distance: number, half: number): number {
  return Math.min(Math.max(half + 0.5 - distance, 0), 1);
}

/** Draw the line into one row of pixels: as far from it as the map's slope says that its level is. */
function drawRow(
  { data, width }: RgbaImage,
  y: number,
  [above, row, below]: readonly [Float32Array, Float32Array, Float32Array],
  { level, scale, span: [left, right] }: { level: number; scale: number; span: readonly [number, number] },
): void {
  for (let x = left; x < right; x++) {
    const across = (row[Math.min(x + 1, width - 1)]! - row[Math.max(x - 1, 0)]!) / 2;
    const slope = Math.hypot(across, (below[x]! - above[x]!) / 2);
    const distance = Math.abs(row[x]! - level) / slope; // NaN or infinite where the map is flat: no line
    if (!(distance < edge * scale + 0.5)) continue;
    const [inner, outer] = [cover(distance, core * scale), cover(distance, edge * scale) * edgeOpacity];
    for (let at = (y * width + x) * 4, end = at + 3; at < end; at++) {
      data[at] = (data[at]! * (1 - outer) + dark * outer) * (1 - inner) + white * inner;
    }
  }
}

/**
 * Draw the line round the upper tenth of a map: white with dark edges, so that it shows on any photo.
 *
 * @param image The picture that the map is drawn in, which is changed.
 * @param rows The map.
 */
export function drawContour(image: RgbaImage, rows: MapRows): void {
  const level = contourLevel(rows);
  if (level === undefined) return;
  const { height, width } = image;
  const scale = Math.max(height, width, side) / side;
  const buffers = [0, 1, 2].map(() => new Float32Array(width));
  const read = (y: number) => rows.read(Math.min(Math.max(y, 0), height - 1), buffers[(y + 3) % 3]!);
  const [top, bottom] = rows.down;
  read(top - 1);
  read(top);
  for (let y = top; y < bottom; y++) {
    read(y + 1);
    const near = [buffers[(y + 2) % 3]!, buffers[y % 3]!, buffers[(y + 1) % 3]!] as const;
    drawRow(image, y, near, { level, scale, span: rows.across });
  }
}
