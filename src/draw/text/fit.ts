import { textWidth } from "./draw_text.ts";
import type { Font } from "./font.ts";

/** The room that text has. */
export interface TextRoom {
  /** In pixels. */
  readonly width: number;
  /** The size of the text's em, in pixels. */
  readonly size: number;
}

/** Letters as readers count them, accents with them. */
function lettersOf(text: string): string[] {
  return Array.from(
    new Intl.Segmenter(undefined, { granularity: "grapheme" }).segment(text),
    ({ segment }) => segment,
  );
}

/** The most of some items that fit, put together. */
function mostThatFit(items: readonly string[], fits: (text: string) => boolean): number {
  let [some, tooMany] = [0, items.length + 1];
  while (tooMany - some > 1) {
    const count = Math.floor((some + tooMany) / 2);
    if (fits(items.slice(0, count).join(""))) some = count;
    else tooMany = count;
  }
  return some;
}

/**
 * Shorten text to a width.
 *
 * @param font The font.
 * @param text One line.
 * @returns The text, or as much of it as fits with an ellipsis; nothing where not even that fits.
 */
export function fitText(font: Font, text: string, { width, size }: TextRoom): string {
  const fits = (shown: string) => textWidth(font, shown, size) <= width;
  if (fits(text)) return text;
  const letters = lettersOf(text);
  const count = mostThatFit(letters, (some) => fits(`${some.trimEnd()}…`));
  return count === 0 && !fits("…") ? "" : `${letters.slice(0, count).join("").trimEnd()}…`;
}

/** Where a line may end: after blanks, and after what joins the parts of a name. */
const piece = /[^\s_\-/,;:.|]*(?:\s+|[_\-/,;:.|]+\s*|$)/gu;

/**
 * Break text into lines, between words where there are any, so that all but the last fit; the last is cut with an ellipsis.
 *
 * @param font The font.
 * @param text The text.
 * @param lines How many at most.
 */
export function wrapText(font: Font, text: string, room: TextRoom, lines: number): string[] {
  const fits = (shown: string) => textWidth(font, shown.trimEnd(), room.size) <= room.width;
  const broken: string[] = [];
  let rest = text.trim();
  while (rest !== "" && broken.length < lines - 1 && !fits(rest)) {
    const pieces = rest.match(piece)!.filter((one) => one !== "");
    const whole = pieces.slice(0, mostThatFit(pieces, fits)).join("");
    // A word that fills more than a line is broken anywhere.
    const letters = lettersOf(rest);
    const line = whole || letters.slice(0, Math.max(mostThatFit(letters, fits), 1)).join("");
    broken.push(line.trimEnd());
    rest = rest.slice(line.length).trimStart();
  }
  return rest === "" ? broken : [...broken, fitText(font, rest, room)];
}
