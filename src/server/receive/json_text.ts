import { joinBytes } from "../../base/bytes.ts";
import { Turns } from "../../base/turns.ts";

/** A text of JSON that is too long to be read with the rest: its bytes between the quotation marks, escapes and all. */
export class LongText {
  /** @param bytes A view of the JSON's. */
  constructor(readonly bytes: Uint8Array<ArrayBuffer>) {}
}

/** JSON cannot be read; the message says why, in few words. */
export class JsonError extends Error {
  /** The class's own name, also after minification. */
  override name = "JsonError";
}

/** Options of {@linkcode readJson}. */
export interface ReadJsonOptions {
  /** Texts of more bytes become a {@linkcode LongText}. */
  readonly longText: number;
  /** How deep objects and arrays may lie in each other. */
  readonly maxDepth: number;
  /** How many texts there may be, names of members among them. */
  readonly maxTexts: number;
  /** How many bytes there may be outside of texts: numbers, brackets, spaces. */
  readonly maxOther: number;
}

/** After how long others have a turn, in milliseconds. */
const longestMs = 10;

/** How many bytes are looked through at a time. */
const stretch = 2 ** 20;

const [QUOTE, BACKSLASH, COLON, OPEN, CLOSE, OPEN_ARRAY, CLOSE_ARRAY] = [34, 92, 58, 123, 125, 91, 93];

/** The next quotation mark that no backslash makes part of the text. */
async function textEnd(bytes: Uint8Array, from: number, turns: Turns): Promise<number> {
  let at = from;
  while (at < bytes.length) {
    const end = Math.min(at + stretch, bytes.length);
    while (at < end && bytes[at] !== QUOTE) at += bytes[at] === BACKSLASH ? 2 : 1;
    if (at < end) return at;
    await turns.next();
  }
  throw new JsonError("a text in it does not end");
}

/** The JSON without its long texts, which stand for themselves by a name and a number. */
interface Shortened {
  readonly bytes: Uint8Array<ArrayBuffer>;
  readonly texts: readonly LongText[];
}

/** Puts together what is left of the JSON. */
class Remainder {
  readonly #pieces: Uint8Array<ArrayBuffer>[] = [];
  readonly texts: LongText[] = [];
  #from = 0;

  constructor(readonly whole: Uint8Array<ArrayBuffer>, readonly mark: string) {}

  /** Leave out a text that is long. */
  leaveOut(start: number, end: number): void {
    const name = new TextEncoder().encode(`${this.mark}${this.texts.length}`);
    this.#pieces.push(this.whole.subarray(this.#from, start), name);
    this.texts.push(new LongText(this.whole.subarray(start, end)));
    this.#from = end;
  }

  finish(): Shortened {
    return { bytes: joinBytes([...this.#pieces, this.whole.subarray(this.#from)]), texts: this.texts };
  }
}

/** Whether a text that ends at a place is a member's name. */
function isName(bytes: Uint8Array, end: number): boolean {
  const next = bytes.subarray(end + 1, end + 100).find((byte) => byte > 32); // spaces are passed over
  return next === COLON;
}

/** Look through JSON before it is parsed, so that parsing it takes neither long nor much memory. */
async function shorten(
  bytes: Uint8Array<ArrayBuffer>,
  mark: string,
  { longText, maxDepth, maxTexts, maxOther }: ReadJsonOptions,
): Promise<Shortened> {
  const turns = new Turns(undefined, longestMs);
  const remainder = new Remainder(bytes, mark);
  let [depth, texts, other] = [0, 0, 0];
  for (let at = 0; at < bytes.length; at++) {
    const byte = bytes[at]!;
    if (++other > maxOther) throw new JsonError(`it has more than ${maxOther} bytes besides its texts`);
    if (byte === OPEN || byte === OPEN_ARRAY) depth++;
    if (byte === CLOSE || byte === CLOSE_ARRAY) depth--;
    if (depth > maxDepth) throw new JsonError("it is nested too deep");
    if (byte !== QUOTE) continue;
    if (++texts > maxTexts) throw new JsonError("it has too many members");
    const end = await textEnd(bytes, at + 1, turns);
    if (end - at - 1 > longText) {
      if (isName(bytes, end)) throw new JsonError("a member's name in it is too long");
      remainder.leaveOut(at + 1, end);
    }
    at = end;
  }
  return remainder.finish();
}

/**
 * Read JSON whose size is bounded outside of its texts, and whose long texts are not copied. The time that it takes is in
 * proportion to its length, and others have their turn meanwhile.
 *
 * @param bytes UTF-8.
 * @throws {JsonError} If it is no JSON, or larger, deeper or fuller than is taken.
 */
export async function readJson(bytes: Uint8Array<ArrayBuffer>, options: ReadJsonOptions): Promise<unknown> {
  const mark = `${crypto.randomUUID()} `; // which nobody else can write
  const { bytes: left, texts } = await shorten(bytes, mark, options);
  const reviver = (_: string, value: unknown) =>
    typeof value === "string" && value.startsWith(mark) ? texts[Number(value.slice(mark.length))] : value;
  try {
    return JSON.parse(new TextDecoder("utf-8", { fatal: true }).decode(left), reviver);
  } catch {
    throw new JsonError("it is no JSON");
  }
}
