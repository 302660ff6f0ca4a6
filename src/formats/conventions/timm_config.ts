import { shown } from "../../base/options.ts";
import type { FitMode } from "../../input/image/window.ts";
import { parsePreprocessing, type Preprocessing } from "../../input/preprocess.ts";
import { asFields, type Fields, numberIn, numbersIn, saidOf, textIn } from "./fields.ts";

/** What each of timm's ways to crop is. */
const fits: Readonly<Record<string, FitMode>> = { center: "crop", squash: "squash", border: "letterbox" };

/** What timm takes where nothing is said. */
const usual = {
  crop_pct: 0.875,
  crop_mode: "center",
  interpolation: "bicubic",
  mean: [0.485, 0.456, 0.406],
  std: [0.229, 0.224, 0.225],
};

/** Rounded to whole numbers, halves to even ones. */
function toEven(value: number): number {
  return value % 1 === 0.5 ? 2 * Math.round(value / 2) : Math.round(value);
}

/** Height and width of `[C, H, W]`. */
function sizeIn(fields: Fields): readonly [number, number] | undefined {
  const size = numbersIn(fields, "input_size");
  if (!size) return undefined;
  if (size.length === 3 && size.every((side) => Number.isInteger(side) && side > 0)) {
    return [size[1]!, size[2]!];
  }
  throw new TypeError(`input_size ${shown(size)} is no [channels, height, width]`);
}

/** What is kept of a photo that is resized to whole pixels first, as timm rounds them: down. */
function fractionOf(size: readonly [number, number] | undefined, cropPct: number): number {
  if (!(cropPct > 0)) throw new RangeError(`crop_pct ${cropPct} is not above 0`);
  const side = size && Math.min(...size);
  return side ? side / Math.floor(side / cropPct) : cropPct;
}

/**
 * How timm brings photos to a model.
 *
 * @param config What it notes of the model: its `config.json`, with a `pretrained_cfg` or without.
 * @throws {TypeError} If a field is of a wrong type.
 * @throws {RangeError} If a number is out of range.
 */
export function readTimmConfig(config: Fields): Preprocessing {
  const fields: Fields = { ...usual, ...saidOf(asFields(config.pretrained_cfg) ?? config) };
  const size = sizeIn(fields);
  const interpolation = textIn(fields, "interpolation");
  const mode = textIn(fields, "crop_mode") ?? "";
  const fit = Object.hasOwn(fits, mode) ? fits[mode] : undefined;
  if (!fit) {
    throw new RangeError(`crop_mode ${shown(fields.crop_mode)} is none of ${Object.keys(fits).join(", ")}`);
  }
  const [mean, std] = [numbersIn(fields, "mean")!, numbersIn(fields, "std")!];
  return parsePreprocessing({
    name: "timm",
    mean: mean.map((value) => value * 255),
    std: std.map((value) => value * 255),
    interpolation: interpolation === "random" ? "bilinear" : interpolation,
    fit,
    cropFraction: fractionOf(size, numberIn(fields, "crop_pct")!),
    cropRounding: "even",
    ...fit === "letterbox" && { border: mean.map((value) => toEven(value * 255)) },
    ...size && { size },
  });
}
