import { hasText } from "./bytes.ts";

/** A kind of file that people give as a photo, though it is none that can be decoded. */
export interface ForeignFile {
  /** What it is, with its article, such as `"a PDF"`. */
  readonly what: string;
  /** What to do, to stand after a colon. */
  readonly advice: string;
  /** The endings that such files have, by which they are named in a folder. */
  readonly endings?: readonly string[];
  /** Whether a file is one, by its content. */
  matches(bytes: Uint8Array): boolean;
}

/** Files that begin with a text, or have it at some place. */
export function withText(text: string, at = 0): ForeignFile["matches"] {
  return (bytes) => hasText(bytes, text, at);
}

/** Files that begin with any of several texts, or have it at some place. */
export function withAnyText(texts: readonly string[], at = 0): ForeignFile["matches"] {
  return (bytes) => texts.some((text) => hasText(bytes, text, at));
}

/** Files that begin with some bytes. */
export function withBytes(...begin: readonly number[]): ForeignFile["matches"] {
  return (bytes) => begin.every((byte, at) => bytes[at] === byte);
}

/** Files whose first bytes, as text and behind a byte order mark, are as a pattern says. */
export function withStart(pattern: RegExp): ForeignFile["matches"] {
  return (bytes) =>
    pattern.test(new TextDecoder("latin1").decode(bytes.subarray(0, 512)).replace(/^\xef\xbb\xbf/, ""));
}
