import type { RgbaImage } from "../../input/image/types.ts";
import { Coverage } from "./coverage.ts";
import type { Font } from "./font.ts";
import { layLine } from "./layout.ts";

/** Where and how text is drawn. */
export interface TextOptions {
  /** The left edge, in pixels. */
  readonly x: number;
  /** The line that letters stand on, in pixels from the top. */
  readonly y: number;
  /** The size of the em, in pixels. */
  readonly size: number;
  /**
   * Red, green and blue, 0 to 255.
   * @default {[0, 0, 0]}
   */
  readonly color?: readonly [number, number, number];
}

/** Room around a line, in parts of its size: for accents over capitals and what sticks out at the ends. */
const around = 0.6;

/** The width of a line of text, in pixels. */
export function textWidth(font: Font, text: string, size: number): number {
  return layLine(font, text).width * size / font.em;
}

/** The height of capitals, in pixels. */
export function capHeight(font: Font, size: number): number {
  return font.capHeight * size / font.em;
}

/**
 * Draw one line of text into a picture, with smooth edges; what lies outside is cut off.
 *
 * @param image The picture, which is changed.
 * @param text What `layLine()` sets.
 */
export function drawText(font: Font, image: RgbaImage, text: string, options: TextOptions): void {
  const { size, color = [0, 0, 0] } = options;
  const { outlines, width } = layLine(font, text);
  const scale = size / font.em;
  const room = Math.ceil(size * around);
  const [left, top] = [Math.floor(options.x) - room, Math.floor(options.y - size) - room];
  const coverage = new Coverage(Math.ceil(size) + 2 * room, Math.ceil(width * scale) + 2 * room);
  for (const { contours, x, y } of outlines) {
    coverage.add(contours, { x: options.x - left + x * scale, y: options.y - top - y * scale, scale });
  }
  for (let row = Math.max(0, -top); row < Math.min(coverage.height, image.height - top); row++) {
    const covered = coverage.row(row);
    for (let column = Math.max(0, -left); column < Math.min(coverage.width, image.width - left); column++) {
      const share = covered[column]!;
      if (share === 0) continue;
      const at = ((top + row) * image.width + left + column) * 4;
      for (let channel = 0; channel < 3; channel++) {
        image.data[at + channel] = image.data[at + channel]! * (1 - share) + color[channel]! * share;
      }
      image.data[at + 3] = 255;
    }
  }
}
