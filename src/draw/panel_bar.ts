import type { RgbaImage } from "../input/image/types.ts";
import { barLabels, drawBar, type ScaledMap } from "./color_bar.ts";
import { chooseColormap, type ColorOptions } from "./overlay.ts";
import { paste } from "./paste.ts";
import { capHeight, drawText, textWidth } from "./text/draw_text.ts";
import type { Font } from "./text/font.ts";

/** Pixels across the bar of colours, and between it and its words. */
const barWidth = 16;
const gap = 10;

const size = 14;
const grey = [90, 90, 90] as const;

/** The least height of a bar, in pixels, so that its words do not touch. */
export const shortestBar = 120;

/** What a bar is of: its colours, and the map before it was scaled, where that is known. */
export interface PanelBarOptions extends Pick<ColorOptions, "colormap" | "scale"> {
  readonly scaled?: ScaledMap | undefined;
}

/** A bar of colours with its words, laid out. */
export interface PanelBar {
  /** In pixels, with the words. */
  readonly width: number;
  /** The words beside it. */
  readonly words: readonly string[];
  /** Draw it into a picture, from its top left corner. */
  draw(picture: RgbaImage, left: number, top: number): void;
}

/** A mark across the bar, dark between light edges, that goes on a little towards its word. */
function drawTick(picture: RgbaImage, left: number, middle: number): void {
  const end = left + barWidth + gap / 2;
  for (const [offset, shade] of [[-1, 255], [1, 255], [0, 17]] as const) {
    const y = middle + offset;
    if (y < 0 || y >= picture.height) continue;
    for (let x = left; x < (offset === 0 ? end : left + barWidth); x++) {
      picture.data.set([shade, shade, shade, 255], (y * picture.width + x) * 4);
    }
  }
}

/** The bar of colours and what stands beside it. */
export function layPanelBar(font: Font, height: number, options: PanelBarOptions): PanelBar {
  const capitals = capHeight(font, size);
  const labels = barLabels(options.scaled, 1.8 * size / height);
  const words = Math.max(...labels.map(({ text }) => textWidth(font, text, size)));
  return {
    width: Math.ceil(barWidth + gap + words),
    words: labels.map(({ text }) => text),
    draw(picture, left, top) {
      paste(picture, drawBar(chooseColormap(options), { height, width: barWidth }), left, top);
      for (const { text, at, isTick } of labels) {
        const middle = top + (1 - at) * (height - 1);
        const y = Math.min(Math.max(middle + capitals / 2, top + capitals), top + height);
        drawText(font, picture, text, { x: left + barWidth + gap, y, size, color: grey });
        if (isTick) drawTick(picture, left, Math.round(middle));
      }
    },
  };
}
