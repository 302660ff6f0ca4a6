import { cut } from "./quote.ts";

/** The longest such part, in characters. */
const longest = 240;

/**
 * What another's error says, as a part of one line of ours.
 *
 * @param error What was thrown.
 */
export function sentenceOf(error: unknown): string {
  const message = error instanceof Error ? error.message || error.name : String(error);
  const [first] = message.trim().split(/\.\s|\n/);
  return cut(first!.replaceAll("[object Object]", "an object").replace(/[.\s]+$/, ""), longest);
}
