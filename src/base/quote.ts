/** The longest name that a message holds whole, in UTF-16 code units; longer ones are cut in the middle. */
export const longestName = 120;

/** Of several names in a row each may have so many, and so many are listed. */
const longestListed = 60;
const mostListed = 12;

/** How much of a name that is cut is its beginning. */
const headShare = 2 / 3;

/** Characters that would break a line, or change or hide what stands beside them; and halves of characters. */
const unprintable = /[\p{Cc}\p{Zl}\p{Zp}\p{Cs}\u200b\u200e\u200f\u202a-\u202e\u2066-\u2069\ufeff]/u;

/** Those of them that have a short form. */
const short: Readonly<Record<string, string>> = { "\n": "\\n", "\r": "\\r", "\t": "\\t" };

/** A character as messages show it. */
function shownCharacter(character: string): string {
  if (!unprintable.test(character)) return character;
  return short[character] ?? `\\u${character.charCodeAt(0).toString(16).padStart(4, "0")}`;
}

/** As many pieces from the first on as there is room for. */
function fill(pieces: readonly string[], room: number): string[] {
  let left = room;
  const end = pieces.findIndex((piece) => (left -= piece.length) < 0);
  return end < 0 ? [...pieces] : pieces.slice(0, end);
}

/**
 * Text that somebody gave, as a part of one line: what is too long is cut in the middle, between characters, and what
 * cannot be printed is shown as its code. It takes no longer for long texts than for short ones.
 *
 * @param value A name, a path, a URL, a value; what is no text is made one.
 * @param longest How long it may be, in UTF-16 code units.
 */
export function cut(value: unknown, longest: number = longestName): string {
  const text = String(value);
  if (text.length <= longest) {
    if (!unprintable.test(text)) return text; // as nearly all are, of which some are named many times a photo
    const whole = Array.from(text, shownCharacter).join("");
    if (whole.length <= longest) return whole;
  }
  const room = longest - 1;
  const start = fill(Array.from(text.slice(0, longest), shownCharacter), Math.ceil(room * headShare));
  const rest = room - start.join("").length;
  const end = fill(Array.from(text.slice(-longest), shownCharacter).reverse(), rest);
  return `${start.join("")}…${end.reverse().join("")}`;
}

/**
 * The same in quotation marks, as messages name what they are about.
 *
 * @param value A name, a path, a URL, a value.
 * @param longest How long it may be.
 */
export function quote(value: unknown, longest?: number): string {
  return `"${cut(value, longest)}"`;
}

/**
 * Things in a row, separated by commas, as messages list what there is: the first dozen of them.
 *
 * @param things What there is.
 * @param show How one is shown, in few characters.
 */
export function listed<Thing>(
  things: readonly Thing[],
  show: (thing: Thing) => string = (thing) => cut(thing, longestListed),
): string {
  const some = things.slice(0, mostListed).map((thing) => show(thing)).join(", ");
  return things.length > mostListed ? `${some} …` : some;
}

/** The same of names, each in quotation marks. */
export function listQuoted(names: readonly string[]): string {
  return listed(names, (name) => quote(name, longestListed));
}
