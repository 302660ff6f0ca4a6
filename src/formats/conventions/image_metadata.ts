import { parsePreprocessing, type Preprocessing } from "../../input/preprocess.ts";
import { parseFields } from "./fields.ts";
import type { Told } from "./told.ts";

/** Texts by their names, as an ONNX file notes them. */
export type Notes = Readonly<Record<string, string>>;

/** The ranges that ONNX has names for: what 0 and 255 become. */
const ranges: Readonly<Record<string, readonly [black: number, white: number]>> = {
  nominalrange_0_255: [0, 255],
  normalized_0_1: [0, 1],
  normalized_1_1: [-1, 1],
  nominalrange_16_235: [16, 235],
};

/** Notes by their names in small letters: neither these nor the values tell capitals apart. */
function lowered(notes: Notes): Map<string, string> {
  return new Map(
    Object.entries(notes).map(([name, value]) => [name.toLowerCase(), value.trim().toLowerCase()]),
  );
}

/** Numbers in a list; `undefined` where there is none. */
function numbersOf(text: string | undefined): number[] | undefined {
  const numbers = /^\[(.*)\]$/.exec(text ?? "")?.[1]?.split(",").map(Number);
  return numbers?.length === 3 && numbers.every(Number.isFinite) ? numbers : undefined;
}

/**
 * How pixels are scaled, from what ONNX notes of pictures: `Image.NominalPixelRange` and `Image.BitmapPixelFormat`; and
 * from Custom Vision's mean and deviation, which come after that.
 *
 * @returns `undefined` where the range is not noted, or has no name that is known.
 */
export function readImageMetadata(notes: Notes): Preprocessing | undefined {
  const known = lowered(notes);
  const range = known.get("image.nominalpixelrange") ?? "";
  if (!Object.hasOwn(ranges, range)) return undefined;
  const [black, white] = ranges[range]!;
  const scale = 255 / (white - black);
  const mean = numbersOf(known.get("customvision.preprocess.normalizemean")) ?? [0];
  const std = numbersOf(known.get("customvision.preprocess.normalizestd")) ?? [1];
  return parsePreprocessing({
    name: "Image.NominalPixelRange",
    mean: mean.map((value) => (value - black) * scale),
    std: std.map((value) => value * scale),
    channels: known.get("image.bitmappixelformat")?.startsWith("bgr") ? "bgr" : "rgb",
  });
}

/** Custom Vision's record of what it exported, beside the model. */
export function readCustomVision(text: string): Told {
  const fields = parseFields(text) ?? {};
  const notes = Object.entries(fields).filter((entry): entry is [string, string] =>
    typeof entry[1] === "string"
  );
  const preprocessing = readImageMetadata(Object.fromEntries(notes));
  return preprocessing ? { preprocessing } : {};
}
