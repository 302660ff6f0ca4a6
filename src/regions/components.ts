import type { PixelMask } from "./mask.ts";

/** Pixels of a mask that hang together, over edges or corners. */
export interface Component {
  /** How many they are. */
  readonly area: number;
  /** The first row and the one after the last. */
  readonly rows: readonly [number, number];
  /** The first column and the one after the last. */
  readonly columns: readonly [number, number];
  /** Where in the mask they are, in any order. */
  readonly pixels: readonly number[];
}

/** All pixels that hang together with one, which are taken out of a mask. */
function flood({ height, width, data }: PixelMask, start: number): Component {
  const pixels = [start];
  data[start] = 0;
  let [top, bottom, left, right] = [height, 0, width, 0];
  for (let next = 0; next < pixels.length; next++) {
    const at = pixels[next]!, row = Math.floor(at / width), column = at % width;
    [top, bottom] = [Math.min(top, row), Math.max(bottom, row + 1)];
    [left, right] = [Math.min(left, column), Math.max(right, column + 1)];
    for (let y = Math.max(row - 1, 0); y < Math.min(row + 2, height); y++) {
      for (let x = Math.max(column - 1, 0); x < Math.min(column + 2, width); x++) {
        if (data[y * width + x] === 0) continue;
        data[y * width + x] = 0;
        pixels.push(y * width + x);
      }
    }
  }
  return { area: pixels.length, rows: [top, bottom], columns: [left, right], pixels };
}

/** The parts of a mask that do not hang together, the largest first; of equal ones the upper, then the left. */
export function componentsOf(mask: PixelMask): Component[] {
  const left = { ...mask, data: mask.data.slice() };
  const found: Component[] = [];
  for (let pixel = left.data.indexOf(1); pixel >= 0; pixel = left.data.indexOf(1, pixel + 1)) {
    found.push(flood(left, pixel));
  }
  return found.sort((a, b) => b.area - a.area);
}
