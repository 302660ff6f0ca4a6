import {
  anyRule,
  numberRule,
  objectRule,
  type OptionRules,
  rule,
  signalRule,
  textRule,
} from "../base/options.ts";
import type { FitMode } from "./image/window.ts";
import { limitRules, type PhotoLimits } from "./image/limits.ts";
import { rangeRule, type ValueRange } from "./image/range.ts";
import type { Preprocessing, PreprocessingName } from "./preprocess.ts";

/** How a photo becomes the model's input. */
export interface InputOptions extends PhotoLimits {
  /** How the model was trained to see pixels, instead of what it says itself. */
  readonly preprocess?: PreprocessingName | Preprocessing | undefined;
  /** How the photo is brought to the model's shape, instead of what the model says itself. */
  readonly fit?: FitMode | undefined;
  /**
   * Height and width, in pixels, that the photo is brought to for a model that takes any; one number for a square.
   * @default {224}
   */
  readonly size?: number | readonly [height: number, width: number] | undefined;
  /**
   * The model's input that takes the image, by index or name.
   * @default {the only one with height, width and channels}
   */
  readonly input?: number | string | undefined;
  /**
   * Which of the photo's values become black and white: `"auto"` for the smallest and the largest that it has, of all
   * colours together, or `[low, high]` in its own units: 0 … 65,535 in a file of 16 bits, 0 … 255 in one of 8 or fewer.
   * It is for scans that fill a small part of 16 bits. Opacity is left as it is.
   * @default {all that its format can hold}
   */
  readonly range?: ValueRange | undefined;
  /**
   * The longest side, in pixels, of the photo that is kept to draw on: a larger one is reduced to it while it is read, so
   * that it never lies in memory as a whole. What the model sees is made of all of its pixels nevertheless.
   * @default {the photo is kept as it is}
   */
  readonly keptPhotoSide?: number | undefined;
  /** Stops the work, wherever it is; `gradcam` then throws its reason. */
  readonly signal?: AbortSignal | undefined;
}

/** What a way to scale pixels can be given as. */
export const preprocessRule = anyRule(
  textRule('a name such as "tf"'),
  objectRule("{ mean, std }", "mean", "std"),
);

/** What each of them can be. */
export const inputRules: OptionRules<InputOptions> = {
  preprocess: preprocessRule,
  fit: textRule('"squash", "crop" or "letterbox"'),
  size: rule(
    "pixels, one number or [height, width]",
    (value) => typeof value === "number" || Array.isArray(value),
  ),
  input: anyRule(numberRule("the index of an input"), textRule("its name")),
  range: rangeRule,
  ...limitRules,
  keptPhotoSide: numberRule("a number of pixels"),
  signal: signalRule,
};
