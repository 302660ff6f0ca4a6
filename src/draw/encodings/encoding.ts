import { numberRule, type OptionRules, textRule } from "../../base/options.ts";
import type { RgbaImage } from "../../input/image/types.ts";

/** The name of a format that pictures are written in. */
export type PictureFormat = "png" | "jpeg" | "webp";

/** How pictures are written. */
export interface EncodingOptions {
  /**
   * The format of pictures: `"png"` keeps every pixel as it is, `"jpeg"` and `"webp"` make files of a tenth of its size.
   * @default {"png"}
   */
  readonly format?: PictureFormat | undefined;
  /**
   * How near to the picture a JPEG or WebP is, from 1 to 100.
   * @default {85}
   */
  readonly quality?: number | undefined;
}

/** What each of them can be. */
export const encodingRules: OptionRules<EncodingOptions> = {
  format: textRule('"png", "jpeg" or "webp"'),
  quality: numberRule("a number from 1 to 100"),
};

/** A format that pictures are written in. What is written holds pixels alone: nothing of what a photo's file said. */
export interface PictureEncoding {
  /** The name in options. */
  readonly name: PictureFormat;
  /** What it is called in messages. */
  readonly title: string;
  /** One line for the help. */
  readonly description: string;
  /** The endings of files, each with its dot; the first is given to those that are named here. */
  readonly endings: readonly [string, ...string[]];
  /** The media type. */
  readonly mediaType: string;
  /** How many pixels a side can have. */
  readonly largestSide: number;
  /** Whether every pixel comes back as it was, so that there is no quality to choose. */
  readonly isExact: boolean;
  /**
   * The content of a file.
   *
   * @param image Opaque, 8-bit RGBA; no side has more pixels than the format can hold.
   * @param quality 1 to 100.
   */
  encode(image: RgbaImage, quality: number): Promise<Uint8Array>;
}
