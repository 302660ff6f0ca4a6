import type { RgbaImage } from "../input/image/types.ts";
import { paste, whitePaper } from "./paste.ts";
import { gap, gridCapacity, gridRoom, gridSizes, lineGap, textSize, wordGap } from "./photo_grid_size.ts";
import { capHeight, drawText, textWidth } from "./text/draw_text.ts";
import { fitText } from "./text/fit.ts";
import type { Font } from "./text/font.ts";

/** A photo of a grid. */
export interface GridCell {
  /** What is drawn, no larger than its room; a blank where there is nothing. */
  readonly picture?: RgbaImage | undefined;
  /** What the photo is called. */
  readonly name: string;
  /** What was seen in it, which is shortened where it must be. */
  readonly what: string;
  /** Its score, which is never cut. */
  readonly score?: string | undefined;
}

/** Pixels between a name and its score. */
const scoreGap = 8;
const dark = [60, 60, 60] as const;
const grey = [110, 110, 110] as const;
/** Where there is no picture. */
const blank = 236;

/** Light grey. */
function blankPicture({ height, width }: { readonly height: number; readonly width: number }): RgbaImage {
  const data = new Uint8ClampedArray(height * width * 4).fill(blank);
  for (let at = 3; at < data.length; at += 4) data[at] = 255;
  return { data, height, width };
}

/** Pictures in rows on white, each with its name and what was seen in it. */
export class PhotoGrid {
  readonly #font: Font;
  readonly #columns: number;
  readonly #room: { readonly height: number; readonly width: number };
  /** From one row to the next, and across a row, in pixels. */
  readonly #step: number;
  readonly #width: number;
  /** One for each row that was begun. */
  readonly #strips: RgbaImage[] = [];
  #count = 0;

  /**
   * @param font The font of the words.
   * @param columns How many pictures stand in a row, 1 to 40.
   */
  constructor(font: Font, columns: number) {
    this.#font = font;
    this.#columns = columns;
    this.#room = gridRoom(columns);
    ({ step: this.#step, width: this.#width } = gridSizes(columns));
  }

  /** How many cells there are. */
  get count(): number {
    return this.#count;
  }

  /** Whether there is no room for another. */
  get isFull(): boolean {
    return this.#count >= gridCapacity(this.#columns);
  }

  /** Put a picture into the next place. */
  add(cell: GridCell): void {
    const column = this.#count++ % this.#columns;
    if (column === 0) this.#strips.push(whitePaper({ height: this.#step, width: this.#width }));
    const strip = this.#strips.at(-1)!;
    const left = gap + column * (this.#room.width + gap);
    this.#drawPicture(strip, cell.picture, left);
    this.#drawWords(strip, cell, left);
  }

  /** In the middle of its room and at its bottom, beside the words; a blank fills it. */
  #drawPicture(strip: RgbaImage, picture: RgbaImage | undefined, left: number): void {
    const { height, width } = this.#room;
    const shown = picture ?? blankPicture(this.#room);
    const across = Math.floor((width - shown.width) / 2);
    paste(strip, shown, left + across, gap + height - shown.height);
  }

  #drawWords(strip: RgbaImage, { name, what, score = "" }: GridCell, x: number): void {
    const { height, width } = this.#room;
    const nameY = gap + height + wordGap + capHeight(this.#font, textSize);
    const y = nameY + lineGap + capHeight(this.#font, textSize);
    this.#draw(strip, name, { x, y: nameY, size: textSize, width, color: dark });
    const taken = score === "" ? 0 : textWidth(this.#font, score, textSize) + scoreGap;
    const end = this.#draw(strip, what, { x, y, size: textSize, width: width - taken, color: grey });
    this.#draw(strip, score, { x: end === x ? x : end + scoreGap, y, size: textSize, width, color: dark });
  }

  /** Draw as much of a text as fits; where it ends. */
  #draw(
    strip: RgbaImage,
    text: string,
    { width, ...how }: {
      x: number;
      y: number;
      size: number;
      width: number;
      color: readonly [number, number, number];
    },
  ): number {
    const shown = fitText(this.#font, text, { width, size: how.size });
    drawText(this.#font, strip, shown, how);
    return how.x + textWidth(this.#font, shown, how.size);
  }

  /** All of it as one picture, no wider than its cells need. */
  draw(): RgbaImage {
    const columns = Math.min(this.#columns, Math.max(this.#count, 1));
    const width = columns * (this.#room.width + gap) + gap;
    const grid = whitePaper({ height: this.#strips.length * this.#step + gap, width });
    this.#strips.forEach((strip, row) => {
      for (let y = 0; y < strip.height; y++) {
        const start = y * strip.width * 4;
        grid.data.set(strip.data.subarray(start, start + width * 4), (row * this.#step + y) * width * 4);
      }
    });
    return grid;
  }
}
