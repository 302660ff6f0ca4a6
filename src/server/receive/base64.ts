import { Turns } from "../../base/turns.ts";
import { LongText } from "./json_text.ts";

/** After how long others have a turn, in milliseconds. */
const longestMs = 10;

/** How much is decoded at a time, in bytes of base64. */
const stretch = 2 ** 20;

/** The longest escape of JSON, in bytes. */
const longestEscape = 6;

const BACKSLASH = 92;

/** How a `data:` URL of a picture in base64 begins, in an expression. */
export const dataUrlPattern =
  "data:(image/[\\w.+-]{1,60}|application/octet-stream)?(;[\\w.=+-]{1,40}){0,3};base64,";

/** The same, where JSON may escape its slash. */
const dataUrl = new RegExp(`^${dataUrlPattern.replaceAll("/", "\\\\?/")}`, "i");

/** How long that is at most, in bytes. */
const longestPrefix = 256;

/** Where a piece ends that begins at a place, so that no escape is cut. */
function pieceEnd(bytes: Uint8Array, from: number): number {
  const end = Math.min(from + stretch, bytes.length);
  if (end === bytes.length) return end;
  const escape = bytes.subarray(end - longestEscape, end).indexOf(BACKSLASH);
  return escape < 0 ? end : end - longestEscape + escape;
}

/** A piece of a text of JSON, unescaped, in the letters of base64 that are usual. */
function readPiece(bytes: Uint8Array): string {
  const text = new TextDecoder().decode(bytes);
  const plain = text.includes("\\") ? JSON.parse(`"${text}"`) as string : text;
  return plain.replaceAll("-", "+").replaceAll("_", "/");
}

/** How many bytes come before the base64, where it is in a `data:` URL. */
function prefixLength(bytes: Uint8Array): number {
  const start = new TextDecoder("latin1").decode(bytes.subarray(0, longestPrefix));
  return dataUrl.exec(start)?.[0].length ?? 0;
}

/**
 * Decode base64, of both alphabets, with or without padding, in a `data:` URL or alone.
 *
 * @param text As JSON has it.
 * @returns `undefined` where it is none.
 */
export async function decodeBase64(text: string | LongText): Promise<Uint8Array<ArrayBuffer> | undefined> {
  const bytes = text instanceof LongText ? text.bytes : new TextEncoder().encode(text);
  const decoded = new Uint8Array(Math.ceil(bytes.length / 4) * 3);
  const turns = new Turns(undefined, longestMs);
  let [length, rest, isPadded] = [0, "", false];
  try {
    for (let at = prefixLength(bytes); at < bytes.length;) {
      const end = pieceEnd(bytes, at);
      const piece = rest + readPiece(bytes.subarray(at, end));
      if (isPadded && piece.trim() !== "") return undefined; // something follows the padding
      const { read, written } = decoded.subarray(length).setFromBase64(piece, {
        lastChunkHandling: end === bytes.length ? "loose" : "stop-before-partial",
      });
      isPadded ||= piece.slice(0, read).trimEnd().endsWith("=");
      length += written;
      rest = piece.slice(read);
      at = end;
      await turns.next();
    }
  } catch (error) {
    if (error instanceof SyntaxError) return undefined; // of JSON's escapes too
    throw error;
  }
  return decoded.subarray(0, length);
}
