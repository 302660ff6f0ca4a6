import type { RgbaImage } from "../input/image/types.ts";
import { Coverage } from "./text/coverage.ts";

/** A place in a picture, in pixels from its top left corner. */
export type Point = readonly [x: number, y: number];

/** Red, green and blue, 0 to 255. */
export type Color = readonly [red: number, green: number, blue: number];

/** How a line is drawn. */
export interface StrokeOptions {
  /** Across the line, in pixels. */
  readonly width: number;
  readonly color: Color;
  /**
   * Pixels of line, then pixels of nothing, and so on.
   * @default {an unbroken line}
   */
  readonly dash?: readonly [on: number, off: number] | undefined;
}

/** Lay a colour over a pixel, by a share of 0 to 1. */
function ink({ data }: RgbaImage, at: number, share: number, color: Color): void {
  for (let channel = 0; channel < 3; channel++) {
    data[at + channel] = data[at + channel]! * (1 - share) + color[channel]! * share;
  }
  data[at + 3] = 255;
}

/** How far a place is from a piece of a straight line. */
function distance(x: number, y: number, [fromX, fromY]: Point, [toX, toY]: Point): number {
  const [dx, dy] = [toX - fromX, toY - fromY];
  const length = dx * dx + dy * dy;
  const along = length === 0 ? 0 : Math.min(Math.max(((x - fromX) * dx + (y - fromY) * dy) / length, 0), 1);
  return Math.hypot(x - fromX - along * dx, y - fromY - along * dy);
}

/** A line taken apart into its dashes. */
function dashesOf(points: readonly Point[], [on, off]: readonly [number, number]): Point[][] {
  const dashes: Point[][] = [[points[0]!]];
  let [left, isOn] = [on, true];
  for (let at = 1; at < points.length; at++) {
    let [x, y] = points[at - 1]!;
    const [toX, toY] = points[at]!;
    for (let rest = Math.hypot(toX - x, toY - y); rest > 0;) {
      const step = Math.min(rest, left);
      [x, y] = [x + (toX - x) * step / rest, y + (toY - y) * step / rest];
      [rest, left] = [rest - step, left - step];
      if (isOn) dashes.at(-1)!.push([x, y]);
      if (left > 0) continue;
      [isOn, left] = [!isOn, isOn ? off : on];
      if (isOn) dashes.push([[x, y]]);
    }
  }
  return dashes;
}

/** Draw one unbroken line: each pixel is covered by how near it is, so that joins are round and no place counts twice. */
function drawUnbroken(image: RgbaImage, points: readonly Point[], { width, color }: StrokeOptions): void {
  const reach = width / 2 + 0.5;
  const xs = points.map(([x]) => x);
  const ys = points.map(([_, y]) => y);
  const left = Math.max(Math.floor(Math.min(...xs) - reach), 0);
  const top = Math.max(Math.floor(Math.min(...ys) - reach), 0);
  const right = Math.min(Math.ceil(Math.max(...xs) + reach), image.width);
  const bottom = Math.min(Math.ceil(Math.max(...ys) + reach), image.height);
  if (right <= left || bottom <= top) return;
  const covered = new Float32Array((right - left) * (bottom - top));
  const pieces = points.length === 1 ? [[points[0]!, points[0]!] as const] : points.slice(1)
    .map((point, at) => [points[at]!, point] as const);
  for (const [from, to] of pieces) {
    const [startX, endX] = [Math.min(from[0], to[0]) - reach, Math.max(from[0], to[0]) + reach];
    const [startY, endY] = [Math.min(from[1], to[1]) - reach, Math.max(from[1], to[1]) + reach];
    for (let y = Math.max(Math.floor(startY), top); y < Math.min(Math.ceil(endY), bottom); y++) {
      for (let x = Math.max(Math.floor(startX), left); x < Math.min(Math.ceil(endX), right); x++) {
        const share = Math.min(Math.max(reach - distance(x + 0.5, y + 0.5, from, to), 0), 1);
        const at = (y - top) * (right - left) + x - left;
        covered[at] = Math.max(covered[at]!, share);
      }
    }
  }
  covered.forEach((share, at) => {
    if (share === 0) return;
    const [x, y] = [left + at % (right - left), top + Math.floor(at / (right - left))];
    ink(image, (y * image.width + x) * 4, share, color);
  });
}

/**
 * Draw a line through some points, with smooth edges and round ends; of one point a disc. What lies outside is cut off.
 *
 * @param image The picture, which is changed.
 */
export function drawLine(image: RgbaImage, points: readonly Point[], options: StrokeOptions): void {
  if (points.length === 0) return;
  const lines = options.dash ? dashesOf(points, options.dash) : [points];
  for (const line of lines) drawUnbroken(image, line, options);
}

/**
 * Fill an outline, with smooth edges; what lies outside of the picture is cut off.
 *
 * @param image The picture, which is changed.
 * @param opacity How much it covers, 0 to 1.
 */
export function fillOutline(image: RgbaImage, points: readonly Point[], color: Color, opacity = 1): void {
  if (points.length < 3) return;
  const coverage = new Coverage(image.height, image.width);
  coverage.add([points.map(([x, y]) => [x, -y] as const)], { x: 0, y: 0, scale: 1 });
  const ys = points.map(([_, y]) => y);
  const bottom = Math.min(Math.ceil(Math.max(...ys)), image.height);
  for (let y = Math.max(Math.floor(Math.min(...ys)), 0); y < bottom; y++) {
    coverage.row(y).forEach((share, x) => {
      if (share > 0) ink(image, (y * image.width + x) * 4, share * opacity, color);
    });
  }
}

/** The outline of a rectangle with round corners, in pixels. */
export function roundedBox(
  { left, top, width, height }: { left: number; top: number; width: number; height: number },
  radius: number,
): Point[] {
  const [right, bottom] = [left + width, top + height];
  const corners = [
    [right - radius, top + radius, -90],
    [right - radius, bottom - radius, 0],
    [left + radius, bottom - radius, 90],
    [left + radius, top + radius, 180],
  ] as const;
  return corners.flatMap(([x, y, start]) =>
    Array.from({ length: 7 }, (_, at): Point => {
      const angle = (start + at * 15) * Math.PI / 180;
      return [x + radius * Math.cos(angle), y + radius * Math.sin(angle)];
    })
  );
}
