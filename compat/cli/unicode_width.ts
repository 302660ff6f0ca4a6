/**
 * A stand-in for `@std/cli/unicode-width` where JSR cannot be reached: it knows control and combining characters, and the
 * blocks of wide ones that are met in the names of files and classes.
 *
 * @module
 */

/** Characters of East Asia, and pictures, which take two columns. */
const wide =
  /[\u1100-\u115f\u2e80-\u303e\u3041-\ua4cf\uac00-\ud7a3\uf900-\ufaff\ufe30-\ufe6f\uff00-\uff60\uffe0-\uffe6\u{1f300}-\u{1f64f}\u{1f680}-\u{1f6ff}\u{1f900}-\u{1f9ff}\u{20000}-\u{3fffd}]/u;

/** Characters that take none. */
const narrow = /[\p{Cc}\p{Mn}\p{Me}\p{Cf}]/u;

/** How many columns of a terminal a text takes. */
export function unicodeWidth(str: string): number {
  return [...str].reduce(
    (sum, character) => sum + (narrow.test(character) ? 0 : wide.test(character) ? 2 : 1),
    0,
  );
}
