import type { Contour, Font } from "./font.ts";

/** A rectangle as a contour. */
export function box(left: number, bottom: number, right: number, top: number): Contour {
  return [[left, bottom], [left, top], [right, top], [right, bottom]];
}

/**
 * A font whose letters can be counted: ASCII alone, each half as wide as the em and a full block of the capitals' height, a
 * blank as wide, and an accent above.
 */
export const blockFont: Font = {
  em: 100,
  capHeight: 70,
  xHeight: 50,
  count: 97,
  glyph(codePoint) {
    if (codePoint === 0x20) return { advance: 50, contours: [] };
    if (codePoint === 0x302) return { advance: 10, contours: [box(0, 60, 10, 70)] };
    const isKnown = codePoint > 0x20 && codePoint < 0x7f || codePoint === 0x2026;
    return isKnown ? { advance: 50, contours: [box(0, 0, 50, 70)] } : undefined;
  },
};
