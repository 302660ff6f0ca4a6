import type { Preprocessing } from "./preprocess.ts";

/** What each way does to a photo, in words; `share` is how much of it is kept. */
const ways: Readonly<Record<string, (share: string) => string>> = {
  squash: (share) =>
    share === "" ? "squashed as a whole" : `squashed, ${share} of height and width in the middle kept`,
  crop: (share) => share === "" ? "the middle cut out" : `the middle cut out, ${share} of the shorter side`,
  letterbox: () => "whole, in a border",
};

/**
 * How photos are brought to a model's size, in words.
 *
 * @returns `undefined` where nothing is said of it.
 */
export function describeFitting(preprocessing: Preprocessing): string | undefined {
  const { fit, interpolation, cropFraction, size } = preprocessing;
  if (fit === undefined && interpolation === undefined && size === undefined) return undefined;
  const percent = cropFraction === undefined || cropFraction === 1
    ? ""
    : `${+(100 * cropFraction).toFixed(1)} %`;
  const sizeText = size ? `, to ${size.join(" × ")}` : "";
  return `${ways[fit ?? "squash"]!(percent)}${sizeText}, ${interpolation ?? "bicubic"}`;
}
