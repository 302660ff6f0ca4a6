import type { RgbaImage } from "../input/image/types.ts";
import { capHeight, drawText, textWidth } from "./text/draw_text.ts";
import { fitText, wrapText } from "./text/fit.ts";
import type { Font } from "./text/font.ts";

/** What stands above the pictures of a panel. */
export interface Heading {
  /** What was explained, and its score, which is never cut. */
  readonly title?: { readonly name: string; readonly score: string } | undefined;
  /** How the map came about: each thing and what it is called, such as layer and method. */
  readonly details?: readonly (readonly [thing: string, value: string])[] | undefined;
}

/** A heading that is broken into lines. */
export interface LaidHeading {
  /** In pixels, with the room below it. */
  readonly height: number;
  /** Its texts. */
  readonly pieces: readonly Piece[];
  /** Draw it into a picture, from its top left corner. */
  draw(picture: RgbaImage, left: number, top: number): void;
}

/** A piece of text on its place, from the heading's top left. */
export interface Piece {
  readonly text: string;
  readonly x: number;
  readonly y: number;
  readonly size: number;
  readonly color: readonly [number, number, number];
}

const titleSize = 24;
const titleLines = 2;
const detailSize = 14;
/** The distance of lines, in parts of their size. */
const leading = 1.4;
/** Pixels between a name and its score, a thing and what it is called, one detail and the next. */
const scoreGap = 16;
const valueGap = 6;
const detailGap = 20;
/** Pixels between title and details, and below all. */
const titleGap = 18;
const below = 20;

const black = [17, 17, 17] as const;
const dark = [60, 60, 60] as const;
const light = [130, 130, 130] as const;

/** The name, on two lines if need be, and behind it the score. */
function layTitle(font: Font, { name, score }: NonNullable<Heading["title"]>, width: number): Piece[] {
  const scoreWidth = textWidth(font, score, titleSize);
  const room = { width, size: titleSize };
  const beside = { width: Math.max(width - scoreWidth - scoreGap, 0), size: titleSize };
  const fits = textWidth(font, name, titleSize) <= beside.width;
  const first = fits ? [] : wrapText(font, name, room, titleLines).slice(0, titleLines - 1);
  const rest = name.trim().slice(first.reduce((length, line) => length + line.length, 0)).trimStart();
  const lines = [...first, fitText(font, rest, beside)];
  const y = (line: number) => capHeight(font, titleSize) + line * titleSize * leading;
  const last = lines.at(-1)!;
  const end = last === "" ? 0 : textWidth(font, last, titleSize) + scoreGap;
  return [
    ...lines.map((text, line) => ({ text, x: 0, y: y(line), size: titleSize, color: black })),
    { text: score, x: end, y: y(lines.length - 1), size: titleSize, color: black },
  ];
}

/** The details one after another, on as many lines as they need; what is longer than a line is cut. */
function layDetails(
  font: Font,
  details: NonNullable<Heading["details"]>,
  width: number,
  top: number,
): Piece[] {
  const size = detailSize;
  let [x, y] = [0, top + capHeight(font, size)];
  return details.flatMap(([name, value]) => {
    const thing = fitText(font, name, { width: width / 2, size });
    const thingWidth = textWidth(font, thing, size) + valueGap;
    const text = fitText(font, value, { width: width - thingWidth, size });
    const whole = thingWidth + textWidth(font, text, size);
    if (x > 0 && x + whole > width) [x, y] = [0, y + size * leading];
    const at = x;
    x += whole + detailGap;
    return [
      { text: thing, x: at, y, size, color: light },
      { text, x: at + thingWidth, y, size, color: dark },
    ];
  });
}

/**
 * Break a heading into lines.
 *
 * @param font The font.
 * @param heading What it says.
 * @param width The room that it has, in pixels.
 */
export function layHeading(font: Font, { title, details = [] }: Heading, width: number): LaidHeading {
  const titled = title ? layTitle(font, title, width) : [];
  const top = titled.length > 0 ? titled.at(-1)!.y + titleGap : 0;
  const pieces = [...titled, ...layDetails(font, details, width, top)];
  return {
    pieces,
    height: pieces.length > 0 ? Math.ceil(pieces.at(-1)!.y + below) : 0,
    draw(picture, left, top) {
      for (const { text, x, y, ...how } of pieces) {
        drawText(font, picture, text, { x: left + x, y: top + Math.round(y), ...how });
      }
    },
  };
}
