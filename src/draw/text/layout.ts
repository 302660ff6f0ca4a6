import { codeBox } from "./code_box.ts";
import type { Contour, Font, Glyph } from "./font.ts";

/** A letter's outline, and where it stands on the line, in units of the em. */
export interface PlacedOutline {
  readonly contours: readonly Contour[];
  readonly x: number;
  /** Above the line. */
  readonly y: number;
}

/** A line of text: its letters, and how long it is, in units of the em. */
export interface Line {
  readonly outlines: readonly PlacedOutline[];
  readonly width: number;
}

/** What is not drawn and takes no room: joiners, marks of direction, variants of emoji. */
const invisible = /^\p{Default_Ignorable_Code_Point}$/u;
const mark = /^\p{Mark}$/u;
const blank = /^[\p{White_Space}\p{Cc}]$/u;

function boundsOf(
  contours: readonly Contour[],
): { left: number; right: number; bottom: number; top: number } {
  const [xs, ys] = [
    contours.flatMap((one) => one.map(([x]) => x)),
    contours.flatMap((one) => one.map(([, y]) => y)),
  ];
  return { left: Math.min(...xs), right: Math.max(...xs), bottom: Math.min(...ys), top: Math.max(...ys) };
}

/** Place a mark over the middle of the letter before it, above a tall one, or below it. */
function placeMark(font: Font, { contours }: Glyph, base: PlacedOutline): PlacedOutline {
  const letter = boundsOf(base.contours);
  const own = boundsOf(contours);
  const x = base.x + (letter.left + letter.right - own.left - own.right) / 2;
  const isAbove = own.bottom > font.xHeight / 2;
  return { contours, x, y: base.y + (isAbove ? Math.max(letter.top - font.xHeight, 0) : 0) };
}

/** A text's letters: with their accents where the font has them so, else the accents apart where it has both. */
function charactersOf(font: Font, text: string): string[] {
  const has = (character: string) => font.glyph(character.codePointAt(0)!) !== undefined;
  return [...text.normalize("NFC")].flatMap((character) => {
    if (has(character)) return [character];
    const parts = [...character.normalize("NFD")];
    return parts.every(has) ? parts : [character];
  });
}

/**
 * Set a line of text. Letters with accents are drawn as such where the font has them, else the accent is drawn over the
 * letter; what the font does not have is drawn as a box that holds its code point.
 *
 * @param font The font.
 * @param text One line; breaks of lines are blanks.
 */
export function layLine(font: Font, text: string): Line {
  const outlines: PlacedOutline[] = [];
  let width = 0;
  let base: PlacedOutline | undefined;
  for (const character of charactersOf(font, text)) {
    if (invisible.test(character)) continue;
    const codePoint = blank.test(character) ? 0x20 : character.codePointAt(0)!;
    const known = font.glyph(codePoint);
    if (known && base && mark.test(character) && known.contours.length > 0) {
      outlines.push(placeMark(font, known, base));
      continue;
    }
    const { contours, advance } = known ?? codeBox(font, codePoint);
    const placed = { contours, x: width, y: 0 };
    if (contours.length > 0) outlines.push(placed);
    base = contours.length > 0 ? placed : undefined;
    width += advance;
  }
  return { outlines, width };
}
