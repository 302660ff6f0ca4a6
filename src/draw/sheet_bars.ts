import type { MapScale } from "../base/scaling.ts";
import type { RgbaImage } from "../input/image/types.ts";
import type { ScaledMap } from "./color_bar.ts";
import { chooseColormap, type ColorOptions } from "./overlay.ts";
import { layPanelBar, type PanelBar, shortestBar } from "./panel_bar.ts";
import { drawText } from "./text/draw_text.ts";
import { wrapText } from "./text/fit.ts";
import type { Font } from "./text/font.ts";

/** What is known of the maps that are drawn. */
export interface ScaledCell {
  readonly scale: MapScale;
  /** What made it. */
  readonly name: string;
}

/** The bars of a sheet, laid out. */
export interface SheetBars {
  /** In pixels. */
  readonly width: number;
  readonly height: number;
  /** Draw them into a picture, from their top left corner. */
  draw(picture: RgbaImage, left: number, top: number): void;
}

/** Each kind of scale by values that have both ends of it and its zero; where zero lies on a range differs from map to map. */
const examples: Readonly<Record<MapScale, readonly number[] | undefined>> = {
  range: undefined,
  maximum: [0, 1],
  symmetric: [-1, 1],
};

/** Pixels between bars, and between a bar and the names below it. */
const between = 24;
const below = 14;
/** The room for names below a bar, in pixels, and how many lines of them there are at most. */
const nameWidth = 120;
const mostLines = 10;
const nameSize = 12;
const leading = 1.4;
const tallest = 300;
const grey = [110, 110, 110] as const;

function scaledMap(scale: MapScale): ScaledMap | undefined {
  const values = examples[scale];
  return values &&
    { raw: { data: Float32Array.from(values), height: 1, width: values.length }, relu: false, scale };
}

/** A bar, and the names of what is drawn in its colours. */
interface Block {
  readonly bar: PanelBar;
  readonly names: readonly string[];
}

/** Which scales are told apart by colours or words: others share a bar. */
function keyOf({ words }: PanelBar, colormap: string): string {
  return [colormap, ...words].join();
}

/**
 * A bar for each kind of scale that maps were brought to, side by side; where there are several, with the names of the
 * methods whose maps are drawn so.
 *
 * @param height How tall the pictures beside them are, in pixels.
 */
export function laySheetBars(
  font: Font,
  height: number,
  cells: readonly ScaledCell[],
  { colormap }: Pick<ColorOptions, "colormap">,
): SheetBars {
  const barHeight = Math.min(Math.max(height, shortestBar), tallest);
  const blocks = new Map<string, { bar: PanelBar; names: Set<string> }>();
  for (const { scale, name } of cells) {
    const bar = layPanelBar(font, barHeight, { colormap, scale, scaled: scaledMap(scale) });
    const key = keyOf(bar, chooseColormap({ colormap, scale }).name);
    const block = blocks.get(key) ?? { bar, names: new Set() };
    block.names.add(name);
    blocks.set(key, block);
  }
  const isAlone = blocks.size === 1;
  const laid: (Block & { width: number })[] = [...blocks.values()].map(({ bar, names }) => {
    if (isAlone) return { bar, names: [], width: bar.width };
    const room = { width: nameWidth, size: nameSize };
    return {
      bar,
      names: wrapText(font, [...names].join(", "), room, mostLines),
      width: Math.max(bar.width, nameWidth),
    };
  });
  const lines = Math.max(0, ...laid.map(({ names }) => names.length));
  return {
    width: laid.reduce((sum, { width }) => sum + width + between, -between),
    height: barHeight + (lines > 0 ? below + Math.ceil(lines * nameSize * leading) : 0),
    draw(picture, left, top) {
      for (const { bar, names, width } of laid) {
        bar.draw(picture, left, top);
        names.forEach((text, line) => {
          const y = top + barHeight + below + nameSize + line * nameSize * leading;
          drawText(font, picture, text, { x: left, y, size: nameSize, color: grey });
        });
        left += width + between;
      }
    },
  };
}
