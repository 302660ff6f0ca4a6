import type { Component } from "./components.ts";

/** A corner of pixels, counted from the upper left one. */
export type Corner = readonly [x: number, y: number];

/** A line goes right, down, left or up from a corner. */
const ways: readonly Corner[] = [[1, 0], [0, 1], [-1, 0], [0, -1]];

/**
 * The line round a component: along the edges of its pixels, clockwise from its upper left corner, only where it turns. Holes are not
 * followed.
 *
 * @param component The component.
 * @param width How many columns its mask has.
 */
export function contourOf({ pixels }: Component, width: number): Corner[] {
  const inside = new Set(pixels);
  const has = (x: number, y: number) => x >= 0 && x < width && inside.has(y * width + x);
  const first = pixels.reduce((a, b) => Math.min(a, b));
  const start: Corner = [first % width, Math.floor(first / width)];
  const line: Corner[] = [start];
  let [x, y] = start;
  let way = 0;
  for (;;) {
    const [dx, dy] = ways[way]!;
    [x, y] = [x + dx, y + dy];
    if (x === start[0] && y === start[1]) return line; // it touches one pixel alone, so that it is met once
    // The pixels ahead to the left and to the right of the way, of which the component is kept to the right.
    const left = has(x + (dx + dy - 1) / 2, y + (dy - dx - 1) / 2);
    const right = has(x + (dx - dy - 1) / 2, y + (dy + dx - 1) / 2);
    if (!left && right) continue;
    line.push([x, y]);
    way = (way + (left ? 3 : 1)) % 4;
  }
}
