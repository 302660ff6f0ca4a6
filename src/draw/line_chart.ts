import type { RgbaImage } from "../input/image/types.ts";
import { type Axis, placeOn, tickText } from "./axis.ts";
import type { Laid } from "./laid.ts";
import { type Color, drawLine, fillOutline, type Point } from "./strokes.ts";
import { capHeight, drawText, textWidth } from "./text/draw_text.ts";
import type { Font } from "./text/font.ts";

/** A line of a chart: y over x. */
export interface ChartLine {
  /** What it is called below the chart. */
  readonly name: string;
  readonly x: readonly number[];
  /** What is no number is left out. */
  readonly y: readonly number[];
  readonly color: Color;
  /**
   * Whether it is broken into dashes.
   * @default {false}
   */
  readonly isDashed?: boolean | undefined;
}

/** How a chart is drawn. */
export interface ChartOptions {
  /** In pixels, with all that stands around the lines. */
  readonly width: number;
  readonly height: number;
  readonly x: Axis;
  readonly y: Axis;
  /** What x is, which stands below its right end. */
  readonly below: string;
  /**
   * Whether the room between the first two lines is tinted, in the first one's colour.
   * @default {false}
   */
  readonly isFilled?: boolean | undefined;
}

const size = 13;
const quiet = [91, 97, 106] as const;
const grid = [223, 220, 211] as const;
/** Pixels between the lines and what stands beside them, and the heights of what stands below. */
const gap = 8;
const tickRoom = 28;
const legendRoom = 22;
const dash = [5, 5] as const;

/** Where the lines lie in the picture, and where their points are. */
interface Frame {
  readonly left: number;
  readonly right: number;
  readonly top: number;
  readonly bottom: number;
  point(x: number, y: number): Point;
}

function frameOf(font: Font, left: number, top: number, { width, height, x, y }: ChartOptions): Frame {
  const words = Math.max(...y.ticks.map((tick) => textWidth(font, tickText(y, tick), size)));
  const frame = {
    left: left + Math.ceil(words) + gap,
    right: left + width - Math.ceil(textWidth(font, tickText(x, x.high), size) / 2),
    top: top + Math.ceil(size / 2),
    bottom: top + height - tickRoom - legendRoom,
  };
  return {
    ...frame,
    point: (across, up) => [
      frame.left + placeOn(x, across) * (frame.right - frame.left),
      frame.bottom - placeOn(y, up) * (frame.bottom - frame.top),
    ],
  };
}

function drawGrid(font: Font, picture: RgbaImage, frame: Frame, { x, y }: ChartOptions): void {
  const capitals = capHeight(font, size);
  for (const tick of y.ticks) {
    const [_, at] = frame.point(x.low, tick);
    const line = Math.round(at) + 0.5; // on the middle of pixels, so that it is one of them across
    drawLine(picture, [[frame.left, line], [frame.right, line]], { width: 1, color: grid });
    const text = tickText(y, tick);
    const left = frame.left - gap - textWidth(font, text, size);
    drawText(font, picture, text, { x: left, y: at + capitals / 2, size, color: quiet });
  }
  for (const tick of x.ticks) {
    const [at] = frame.point(tick, y.low);
    const text = tickText(x, tick);
    const left = at - textWidth(font, text, size) / 2;
    drawText(font, picture, text, { x: left, y: frame.bottom + gap + 3 + capitals, size, color: quiet });
  }
}

function pointsOf({ x, y }: ChartLine, frame: Frame): Point[] {
  return x.flatMap((across, at) =>
    Number.isFinite(across) && Number.isFinite(y[at]) ? [frame.point(across, y[at]!)] : []
  );
}

/** The names of the lines, and what x is. */
function drawBelow(
  font: Font,
  picture: RgbaImage,
  { left, right, baseline }: { readonly left: number; readonly right: number; readonly baseline: number },
  { lines, below }: { readonly lines: readonly ChartLine[]; readonly below: string },
): void {
  let x = left;
  for (const { name, color, isDashed = false } of lines) {
    const middle = baseline - capHeight(font, size) / 2;
    drawLine(picture, [[x, middle], [x + 24, middle]], { width: 2, color, ...(isDashed && { dash }) });
    drawText(font, picture, name, { x: x + 32, y: baseline, size, color: quiet });
    x += 32 + textWidth(font, name, size) + 20;
  }
  const end = right - textWidth(font, below, size);
  if (end >= x) drawText(font, picture, below, { x: end, y: baseline, size, color: quiet });
}

/**
 * Lines over an axis, with what they are called below.
 *
 * @param lines The first lies above the others.
 */
export function layLineChart(font: Font, lines: readonly ChartLine[], options: ChartOptions): Laid {
  return {
    height: options.height,
    draw(picture, left, top) {
      const frame = frameOf(font, left, top, options);
      const points = lines.map((line) => pointsOf(line, frame));
      const [first, second] = points;
      if (options.isFilled && first && second) {
        fillOutline(picture, [...first, ...second.toReversed()], lines[0]!.color, 0.12);
      }
      drawGrid(font, picture, frame, options);
      for (const [at, { color, isDashed = false }] of [...lines.entries()].reverse()) {
        drawLine(picture, points[at]!, { width: 2, color, ...(isDashed && { dash }) });
      }
      const baseline = top + options.height;
      drawBelow(font, picture, { ...frame, baseline }, { lines, below: options.below });
    },
  };
}
