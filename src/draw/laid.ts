import type { RgbaImage } from "../input/image/types.ts";
import { paste } from "./paste.ts";
import type { Color } from "./strokes.ts";
import { capHeight, drawText, textWidth } from "./text/draw_text.ts";
import { fitText, wrapText } from "./text/fit.ts";
import type { Font } from "./text/font.ts";

/** Something that knows how high it is before it is drawn. */
export interface Laid {
  /** In pixels. */
  readonly height: number;
  /** Draw it into a picture, from its top left corner. */
  draw(picture: RgbaImage, left: number, top: number): void;
}

/** How text is laid. */
export interface TextStyle {
  /** The room that it has, in pixels. */
  readonly width: number;
  /** The size of the em, in pixels. */
  readonly size: number;
  readonly color: Color;
  /**
   * On how many lines at most; the last is cut with an ellipsis.
   * @default {as many as it takes}
   */
  readonly lines?: number | undefined;
}

/** The distance of lines, in parts of their size. */
const leading = 1.42;

/** Text, broken into lines. */
export function layText(font: Font, text: string, { width, size, color, lines = Infinity }: TextStyle): Laid {
  const broken = wrapText(font, text, { width, size }, Math.min(lines, 1000));
  const capitals = capHeight(font, size);
  return {
    height: broken.length === 0 ? 0 : Math.ceil(capitals + (broken.length - 1) * size * leading),
    draw(picture, left, top) {
      broken.forEach((line, at) =>
        drawText(font, picture, line, {
          x: left,
          y: Math.round(top + capitals + at * size * leading),
          size,
          color,
        })
      );
    },
  };
}

/** One line with something at its right end, which is never cut. */
export function layEnds(
  font: Font,
  [text, end]: readonly [string, string],
  style: Omit<TextStyle, "lines">,
): Laid {
  const { width, size, color } = style;
  const endWidth = textWidth(font, end, size);
  const shown = fitText(font, text, { width: Math.max(width - endWidth - size, 0), size });
  const capitals = Math.ceil(capHeight(font, size));
  return {
    height: capitals,
    draw(picture, left, top) {
      drawText(font, picture, shown, { x: left, y: top + capitals, size, color });
      drawText(font, picture, end, { x: left + width - endWidth, y: top + capitals, size, color });
    },
  };
}

/** A picture as it is. */
export function layPicture(image: RgbaImage): Laid {
  return {
    height: image.height,
    draw: (picture, left, top) => paste(picture, image, Math.round(left), Math.round(top)),
  };
}

/** One below the other. */
export function stack(parts: readonly Laid[], gap: number): Laid {
  const shown = parts.filter(({ height }) => height > 0);
  const heights = shown.map(({ height }) => height);
  return {
    height: heights.reduce((sum, height) => sum + height, 0) + Math.max(shown.length - 1, 0) * gap,
    draw(picture, left, top) {
      let y = top;
      for (const part of shown) {
        part.draw(picture, left, y);
        y += part.height + gap;
      }
    },
  };
}

/** One beside the other, their tops in line, each so many pixels from the left. */
export function beside(parts: readonly (readonly [left: number, part: Laid])[]): Laid {
  return {
    height: Math.max(0, ...parts.map(([_, { height }]) => height)),
    draw(picture, left, top) {
      for (const [x, part] of parts) part.draw(picture, left + x, top);
    },
  };
}
