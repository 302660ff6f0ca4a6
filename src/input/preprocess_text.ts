import { quote } from "../base/quote.ts";
import { nearest } from "../base/nearest.ts";
import {
  parsePreprocessing,
  type Preprocessing,
  preprocessings,
  resolvePreprocessing,
} from "./preprocess.ts";

/** How mean and deviation are written where there is but text: on a command line, in an address. */
const meanAndStdForm = "mean=M,std=S (a number each, or one a channel as R:G:B; for BGR add channels=bgr)";

/** Numbers separated by colons. */
function readNumbers(text: string): number[] {
  return text.split(":").map((part) => part.trim() === "" ? NaN : Number(part));
}

/** The parts `KEY=VALUE`, each key once; `undefined` if the text is anything else. */
function readParts(text: string): Map<string, string> | undefined {
  const parts = text.split(",").map((part) => part.split("=").map((side) => side.trim()));
  const found = new Map(parts.map(([key, value]) => [key!, value ?? ""]));
  return parts.every((part) => part.length === 2) && found.size === parts.length ? found : undefined;
}

function readMeanAndStd(text: string): Preprocessing | undefined {
  const { mean, std, ...rest } = Object.fromEntries(readParts(text) ?? []);
  const { channels = "rgb", ...unknown } = rest;
  if (mean === undefined || std === undefined || Object.keys(unknown).length > 0) return undefined;
  try {
    return parsePreprocessing({ name: text, mean: readNumbers(mean), std: readNumbers(std), channels });
  } catch (error) {
    if (error instanceof TypeError || error instanceof RangeError) return undefined;
    throw error;
  }
}

/** What a text that is no way to scale pixels should have been, the likeliest name first. */
function wantedInstead(text: string): string {
  const names = nearest(text, Object.keys(preprocessings), 5);
  return `use ${/[=,]/.test(text) ? "" : `one of ${names.join(", ")}, or `}${meanAndStdForm}`;
}

/**
 * Why a text is no way to scale pixels, to stand after a colon; `undefined` where it is.
 *
 * @param text As {@linkcode readPreprocessing} takes it.
 */
export function preprocessingProblem(text: string): string | undefined {
  const isKnown = Object.hasOwn(preprocessings, text) || readMeanAndStd(text) !== undefined;
  return isKnown ? undefined : wantedInstead(text);
}

/**
 * A way to scale pixels from text.
 *
 * @param text A name of the usual ones, or mean and deviation on the scale of 0 to 255, such as
 * `mean=127.5,std=127.5` or `mean=123.68:116.78:103.94,std=58.4:57.1:57.4`.
 * @throws {RangeError} If it is neither.
 */
export function readPreprocessing(text: string): Preprocessing {
  if (Object.hasOwn(preprocessings, text)) return resolvePreprocessing(text as keyof typeof preprocessings);
  const read = readMeanAndStd(text);
  if (read) return read;
  throw new RangeError(`Cannot use preprocess ${quote(text)}: ${wantedInstead(text)}`);
}
