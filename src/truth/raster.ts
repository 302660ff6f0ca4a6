import type { TruthMask } from "../metrics/truth.ts";
import type { PhotoSize } from "./truth_format.ts";

/** The longest side of a mask that is kept, in cells: finer ones are reduced. */
const longestSide = 512;

/** How large the raster for a photo is: as the photo, or smaller. */
export function rasterSize({ height, width }: PhotoSize): PhotoSize {
  const scale = Math.min(1, longestSide / Math.max(height, width, 1));
  return { height: Math.max(Math.round(height * scale), 1), width: Math.max(Math.round(width * scale), 1) };
}

/** An empty mask for a photo. */
export function emptyMask(photo: PhotoSize): TruthMask {
  const { height, width } = rasterSize(photo);
  return { height, width, data: new Uint8Array(height * width) };
}

/**
 * Fill a polygon: each cell whose centre is in it, by the even-odd rule.
 *
 * @param mask What is drawn into.
 * @param points x and y in turn, as fractions of the photo.
 */
export function fillPolygon({ height, width, data }: TruthMask, points: readonly number[]): void {
  const count = Math.floor(points.length / 2);
  for (let row = 0; row < height; row++) {
    const y = (row + 0.5) / height;
    const crossings: number[] = [];
    for (let at = 0; at < count; at++) {
      const next = (at + 1) % count;
      const [x1, y1, x2, y2] = [
        points[2 * at]!,
        points[2 * at + 1]!,
        points[2 * next]!,
        points[2 * next + 1]!,
      ];
      if (y1 <= y !== y2 <= y) crossings.push(x1 + (y - y1) / (y2 - y1) * (x2 - x1));
    }
    crossings.sort((a, b) => a - b);
    for (let at = 0; at + 1 < crossings.length; at += 2) {
      const first = Math.max(Math.ceil(crossings[at]! * width - 0.5), 0);
      const end = Math.min(Math.ceil(crossings[at + 1]! * width - 0.5), width);
      if (end > first) data.fill(1, row * width + first, row * width + end);
    }
  }
}

/** Put what a larger raster covers into a mask: a cell is covered where its centre is. */
export function sampleInto(
  { height, width, data }: TruthMask,
  from: PhotoSize,
  isCovered: (row: number, column: number) => boolean,
): void {
  for (let row = 0; row < height; row++) {
    const y = Math.min(Math.floor((row + 0.5) / height * from.height), from.height - 1);
    for (let column = 0; column < width; column++) {
      const x = Math.min(Math.floor((column + 0.5) / width * from.width), from.width - 1);
      if (isCovered(y, x)) data[row * width + column] = 1;
    }
  }
}

/** Whether anything is covered. */
export function isEmpty({ data }: TruthMask): boolean {
  return !data.includes(1);
}

/** The smallest box, in fractions, round what is covered; `undefined` where nothing is. */
export function boxOf({ height, width, data }: TruthMask) {
  let [top, bottom, left, right] = [height, -1, width, -1];
  for (let at = data.indexOf(1); at >= 0; at = data.indexOf(1, at + 1)) {
    const [row, column] = [Math.floor(at / width), at % width];
    top = Math.min(top, row);
    bottom = row;
    left = Math.min(left, column);
    right = Math.max(right, column);
  }
  if (bottom < 0) return undefined;
  return {
    x: left / width,
    y: top / height,
    width: (right + 1 - left) / width,
    height: (bottom + 1 - top) / height,
  };
}
