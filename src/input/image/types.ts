import { type OptionRules, textRule } from "../../base/options.ts";
import { limitRules, type PhotoLimits } from "./limits.ts";
import { rangeRule, type ValueRange } from "./range.ts";

/** A photo in memory: 8-bit RGBA, row by row from the top left, alpha not premultiplied. */
export interface RgbaImage {
  /** `height` × `width` × 4 values, 0 to 255. */
  readonly data: Uint8ClampedArray;
  /** Pixels from top to bottom. */
  readonly height: number;
  /** Pixels from left to right. */
  readonly width: number;
}

/** A decoded photo: upright, opaque (blended on white) unless asked otherwise, with what the decoder had to say. */
export interface DecodedImage extends RgbaImage {
  /** The file's format as recognised by its content, such as `"jpeg"`. */
  readonly format: string;
  /** What the user should know, such as that parts of it are damaged. */
  readonly warnings: readonly string[];
}

/** Options of decoding. */
export interface DecodeOptions extends PhotoLimits {
  /**
   * What becomes of transparency: blended on white, or kept beside the colours.
   * @default {"blend"}
   */
  readonly alpha?: "blend" | "keep";
  /**
   * Which of the photo's values become black and white: `"auto"` for the smallest and the largest that it has, or
   * `[low, high]` in its own units, 0 … 65,535 in a file of 16 bits, 0 … 255 in one of 8 or fewer.
   * @default {all that its format can hold}
   */
  readonly range?: ValueRange | undefined;
}

/** What each of them can be. */
export const decodeRules: OptionRules<DecodeOptions> = {
  ...limitRules,
  alpha: textRule('"blend" or "keep"'),
  range: rangeRule,
};

/**
 * Where the model's input window lies on the photo, in the photo's pixels. Squashed, it is the whole photo;
 * centre-cropped, a square inside it; letterboxed, it reaches beyond it (`x` or `y` below 0).
 */
export interface Placement {
  /** Left edge. */
  readonly x: number;
  /** Top edge. */
  readonly y: number;
  /** Width of the window. */
  readonly width: number;
  /** Height of the window. */
  readonly height: number;
}
