import type { Heatmap } from "../base/heatmap.ts";
import type { MapScale } from "../base/scaling.ts";
import type { RgbaImage } from "../input/image/types.ts";
import { type BoxOptions, foundBoxes } from "./boxes.ts";
import { type OverlayOptions, renderOverlay } from "./overlay.ts";
import { type Heading, layHeading } from "./panel_heading.ts";
import { paste, whitePaper } from "./paste.ts";
import { scalePhoto, type SeenPhoto } from "./scale_photo.ts";
import { laySheetBars } from "./sheet_bars.ts";
import { cellSize, gutter, narrowestCell } from "./sheet_size.ts";
import { capHeight, drawText, textWidth } from "./text/draw_text.ts";
import { fitText } from "./text/fit.ts";
import { type Font, loadFont } from "./text/font.ts";

/** A picture of a sheet: the photo, or a map over it. */
export interface SheetCell {
  /** The map; the photo alone if left out. */
  readonly map?: SheetMap | undefined;
  /** What it is, or what made it. */
  readonly name: string;
  /** What stands below that; the first that the cell has room for. */
  readonly facts: readonly string[];
}

/** A map of a sheet. */
export interface SheetMap {
  /** 0 to 1, any size. */
  readonly heatmap: Heatmap;
  /** The map before it was scaled, where boxes may be asked for. */
  readonly raw?: Heatmap | undefined;
  /** How it was scaled. */
  readonly scale: MapScale;
}

/** A row of pictures. */
export interface SheetRow {
  /** The class that it is of, and its score, which is never cut; nothing where the heading says so. */
  readonly title?: Heading["title"];
  /** From left to right; nothing where there is none. */
  readonly cells: readonly (SheetCell | undefined)[];
}

/** Options of {@linkcode renderSheet}. */
export interface SheetOptions extends Omit<OverlayOptions, "scale" | "regions">, BoxOptions, Heading {
  /**
   * How many pixels the longer side of a cell's picture has at most.
   * @default {as large as fits}
   */
  readonly maxSide?: number | undefined;
}

/** The most rows that are drawn: beyond them nobody looks. */
export const mostRows = 40;

/** Pixels around everything. */
const margin = 24;
/** Pixels between a picture and its words, between lines, between rows, and below a row's title. */
const gap = 9;
const lineGap = 8;
const rowGap = 24;
const titleGap = 12;
/** The least width of all, in pixels, so that the words above have room. */
const smallestSheet = 640;

const titleSize = 17;
const nameSize = 14;
const factSize = 13;
const black = [17, 17, 17] as const;
const dark = [60, 60, 60] as const;
const grey = [110, 110, 110] as const;

/** The photo, with the map over it if there is one. */
function drawCell({ photo, placement }: SeenPhoto, { map }: SheetCell, options: SheetOptions): RgbaImage {
  if (!map) return photo;
  const regions = map.raw && foundBoxes(map.raw, options, placement);
  return renderOverlay(photo, map.heatmap, { ...options, placement, scale: map.scale, regions });
}

/** Where text stands: its top left corner, and the room that it has. */
interface TextPlace {
  readonly left: number;
  readonly top: number;
  readonly width: number;
}

/** The words below a cell: what made it, and what is known of it. */
function drawWords(
  font: Font,
  sheet: RgbaImage,
  { name, facts }: Pick<SheetCell, "name" | "facts">,
  { left: x, top, width }: TextPlace,
): void {
  const fact = facts.find((text) => textWidth(font, text, factSize) <= width) ?? facts.at(-1) ?? "";
  const line = top + capHeight(font, nameSize);
  const lines = [
    { text: name, size: nameSize, y: line, color: dark },
    { text: fact, size: factSize, y: line + lineGap + capHeight(font, factSize), color: grey },
  ];
  for (const { text, size, ...how } of lines) {
    drawText(font, sheet, fitText(font, text, { width, size }), { x, size, ...how });
  }
}

/** A row's title: the class's name, shortened where it must be, and its score. */
function drawTitle(
  font: Font,
  sheet: RgbaImage,
  { name, score }: NonNullable<Heading["title"]>,
  top: number,
): void {
  const size = titleSize;
  const between = 12;
  const width = sheet.width - 2 * margin - textWidth(font, score, size) - between;
  const shown = fitText(font, name, { width, size });
  const y = top + capHeight(font, size);
  drawText(font, sheet, shown, { x: margin, y, size, color: black });
  const x = margin + (shown === "" ? 0 : textWidth(font, shown, size) + between);
  drawText(font, sheet, score, { x, y, size, color: grey });
}

/**
 * Many maps of one photo on white, in rows, each with what made it, below a title and how the maps came about, with a bar of
 * colours for each kind of scale. Cells are reduced until all has
 * some 16 million pixels at most; of more than 40 rows the first are drawn, and the heading says so.
 *
 * @param photo Upright and opaque.
 * @param rows From top to bottom.
 * @throws {RangeError} If there is no such colour map or kind of opacity, or `alpha` is not 0 to 1.
 */
export async function renderSheet(
  photo: RgbaImage,
  rows: readonly SheetRow[],
  options: SheetOptions = {},
): Promise<RgbaImage> {
  const font = await loadFont();
  const shown = rows.slice(0, mostRows);
  const columns = Math.max(...shown.map(({ cells }) => cells.length));
  const picture = cellSize({ photo, rows: shown.length, columns, maxSide: options.maxSide });
  const seen = scalePhoto({ photo, placement: options.placement }, picture);
  const column = Math.max(picture.width, narrowestCell) + gutter;
  const capitals = (size: number) => Math.ceil(capHeight(font, size));
  const words = gap + capitals(nameSize) + lineGap + capitals(factSize);
  const isTitled = shown.some(({ title }) => title !== undefined);
  const titleHeight = isTitled ? capitals(titleSize) + titleGap : 0;

  const maps = shown.flatMap(({ cells }) =>
    cells.flatMap((cell) => cell?.map ? [{ scale: cell.map.scale, name: cell.name }] : [])
  );
  const bars = laySheetBars(font, picture.height, maps, options);
  const barsLeft = margin + columns * column;
  const width = Math.max(barsLeft + bars.width + margin, smallestSheet);
  const left = rows.length - shown.length;
  const details = [...options.details ?? [], ...left > 0 ? [["not drawn", `${left} more`] as const] : []];
  const heading = layHeading(font, { ...options, details }, width - 2 * margin);
  const top = margin + heading.height;
  const step = titleHeight + picture.height + words + rowGap;
  const bottom = Math.max(top + shown.length * step - rowGap, top + titleHeight + bars.height);
  const sheet = whitePaper({ height: bottom + margin, width });

  heading.draw(sheet, margin, margin);
  shown.forEach(({ title, cells }, row) => {
    const rowTop = top + row * step;
    if (title) drawTitle(font, sheet, title, rowTop);
    const pictureTop = rowTop + titleHeight;
    cells.forEach((cell, at) => {
      if (!cell) return;
      const left = margin + at * column;
      paste(sheet, drawCell(seen, cell, options), left, pictureTop);
      const top = pictureTop + picture.height + gap;
      drawWords(font, sheet, cell, { left, top, width: column - gutter });
    });
  });
  bars.draw(sheet, barsLeft, top + titleHeight);
  return sheet;
}
