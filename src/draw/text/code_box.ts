import type { Contour, Font, Glyph } from "./font.ts";

/** Parts of the em: how large the digits are, and the room around and between them. */
const digitScale = 0.56;
const stroke = 0.045;
const padding = 0.075;
const outside = 0.06;

function rectangle(left: number, bottom: number, right: number, top: number): Contour {
  return [[left, bottom], [left, top], [right, top], [right, bottom]];
}

/** A hole goes round the other way. */
function frame(left: number, bottom: number, right: number, top: number, width: number): Contour[] {
  const hole = rectangle(left + width, bottom + width, right - width, top - width);
  return [rectangle(left, bottom, right, top), hole.toReversed()];
}

/**
 * What stands for a letter that the font does not have: a box with the digits of its code point, such as 4E2D, two rows of
 * two digits or of three, so that letters are told apart and can be looked up.
 *
 * @param font The font that the digits are of.
 * @param codePoint The letter's.
 */
export function codeBox(font: Font, codePoint: number): Glyph {
  const { em, capHeight } = font;
  const digits = codePoint.toString(16).toUpperCase().padStart(codePoint > 0xffff ? 6 : 4, "0");
  const columns = digits.length / 2;
  const glyphs = [...digits].map((digit) => font.glyph(digit.codePointAt(0)!)!);
  const column = Math.max(...glyphs.map(({ advance }) => advance)) * digitScale;
  const [row, inner] = [capHeight * digitScale, (stroke + padding) * em];
  const [height, width] = [2 * row + padding * em + 2 * inner, columns * column + 2 * inner];
  const [left, bottom] = [outside * em, (capHeight - height) / 2];
  const contours = glyphs.flatMap((glyph, index) => {
    const spare = (column - glyph.advance * digitScale) / 2;
    const x = left + inner + index % columns * column + spare;
    const y = bottom + inner + (index < columns ? row + padding * em : 0);
    return glyph.contours.map((contour) =>
      contour.map(([dx, dy]) => [x + dx * digitScale, y + dy * digitScale] as const)
    );
  });
  return {
    advance: width + 2 * left,
    contours: [...frame(left, bottom, left + width, bottom + height, stroke * em), ...contours],
  };
}
