import type { Heatmap } from "../../base/heatmap.ts";
import { flagRule, numberRule, type OptionRules, textRule } from "../../base/options.ts";
import type { MapScale } from "../../base/scaling.ts";
import type { Placement, RgbaImage } from "../../input/image/types.ts";
import { type BoxOptions, boxRules } from "../boxes.ts";
import type { MaskOptions } from "../../regions/mask.ts";
import type { MapRegion } from "../../regions/region_boxes.ts";
import type { ColormapName } from "../colormaps/mod.ts";
import type { OpacityName } from "../opacity.ts";

/** As much of a class's map as is drawn. */
export interface DrawnMap {
  /** The class, from 0. */
  readonly classIndex: number;
  /** Its name, where the labels are known. */
  readonly label: string | undefined;
  /** Its score. */
  readonly score: number;
  /** The probability that the score stands for, where it is a logit. */
  readonly probability?: number | undefined;
  /** The name of the method that made it. */
  readonly method: string;
  /** What was explained, in words, where it is more than the class's score. */
  readonly target?: string | undefined;
  /** The number that was explained, where it is no class's score. */
  readonly value?: number | undefined;
  /** Whether values below zero were cut off before it was scaled. */
  readonly relu: boolean;
  /** How it was scaled. */
  readonly scale: MapScale;
  /** 0 to 1. */
  readonly heatmap: Heatmap;
  /** The map before it was scaled. */
  readonly raw: Heatmap;
  /** The parts that it was taken apart into, where the method does so. */
  readonly components?: readonly DrawnComponent[] | undefined;
}

/** A part of what the network sees, and the classes that it speaks for. */
export interface DrawnComponent {
  /** Where it is, 0 to 1. */
  readonly heatmap: Heatmap;
  /** The classes, what it speaks for most first. */
  readonly classes: readonly DrawnClass[];
}

/** A class that a component speaks for. */
export interface DrawnClass {
  /** The class, from 0. */
  readonly classIndex: number;
  /** How much it does. */
  readonly score: number;
  /** Its name, where the labels are known. */
  readonly label?: string | undefined;
}

/** As much of an explanation as renderings show. */
export interface Drawable {
  /** The maps, one a class. */
  readonly maps: readonly DrawnMap[];
  /** The name of the photo's file, where it has one. */
  readonly photoName: string | undefined;
  /** The name of the model's file or folder, likewise. */
  readonly modelName: string | undefined;
  /** The method's name. */
  readonly method: string;
  /** The layer's path. */
  readonly layer: string;
  /** What the output says where it is one unit, such as `"regression"`. */
  readonly unit?: string | undefined;
  /** Which score was differentiated. */
  readonly scoreKind: string;
  /** Whether values below zero were cut off before maps were scaled. */
  readonly relu: boolean;
  /** How long each part took, in milliseconds, among them each method by its name. */
  readonly times: Readonly<Record<string, number>>;
  /** The photo, upright and opaque, unless a tensor was explained. */
  readonly photo: RgbaImage | undefined;
  /** Where on the photo the model looked. */
  readonly placement: Placement | undefined;
  /** All of it but the photo, plain. */
  toJSON(): unknown;
  /**
   * The regions of one of the maps, in the photo's pixels.
   *
   * @param options Which map, by its place; and what belongs to a region.
   */
  regions?(options: MaskOptions & { readonly map?: number | undefined }): readonly MapRegion[];
}

/** How an explanation is drawn. */
export interface RenderOptions extends BoxOptions {
  /**
   * The colour map's name.
   * @default {"coolwarm" for maps whose scale is "symmetric", else "viridis"}
   */
  readonly colormap?: ColormapName | undefined;
  /**
   * The heatmap's opacity over the photo: `"map"`, more the higher the map is, so that cold places stay the photo (of maps
   * whose scale is `"symmetric"`, more the further from zero), or `"constant"`.
   * @default {"map"}
   */
  readonly opacity?: OpacityName | undefined;
  /**
   * The largest opacity, 0 to 1.
   * @default {0.7 where it follows the map, 0.4 where it is constant}
   */
  readonly alpha?: number | undefined;
  /**
   * Whether a line is drawn round the upper tenth of the map: the pixels above the 0.9 quantile of its values.
   * @default {false}
   */
  readonly contour?: boolean | undefined;
  /**
   * How many pixels the longer side of overlay and heatmap has at least, from 0 to 4096: those of smaller photos are
   * enlarged, a whole number of times. 0 leaves every photo its size.
   * @default {256, or maxSide where that is less}
   */
  readonly minSide?: number | undefined;
  /**
   * How many pixels the longer side of overlay and heatmap has at most: larger photos are reduced.
   * @default {no limit}
   */
  readonly maxSide?: number | undefined;
  /**
   * Which of the maps, by its place in `maps`; a panel is of that one alone.
   * @default {0, but a panel is of all}
   */
  readonly map?: number | undefined;
}

/** What each of them can be. */
export const renderRules: OptionRules<RenderOptions> = {
  ...boxRules,
  colormap: textRule("the name of a colour map"),
  opacity: textRule('"map" or "constant"'),
  alpha: numberRule("a number from 0 to 1"),
  contour: flagRule,
  minSide: numberRule("how many pixels"),
  maxSide: numberRule("how many pixels"),
  map: numberRule("the place of a map in maps"),
};

/** What kind of file something is. */
export interface FileType {
  /** The ending of files, with its dot. */
  readonly extension: string;
  /** The media type. */
  readonly mediaType: string;
}

/** Something an explanation can be saved as: a picture, in any format of pictures, or data. */
export type NamedRendering<Name extends string> =
  & {
    /** The name in options, such as `"overlay"`. */
    readonly name: Name;
    /** One line for the help text. */
    readonly description: string;
    /** Whether it is of all maps where none is chosen; others are of the first. */
    readonly holdsAll?: true;
    /** The methods whose maps alone can be drawn so; all if left out. */
    readonly methods?: readonly string[];
  }
  & (
    | {
      readonly draw: (explanation: Drawable, options: RenderOptions) => RgbaImage | Promise<RgbaImage>;
      readonly write?: never;
      readonly fileType?: never;
    }
    | {
      readonly write: (explanation: Drawable, options: RenderOptions) => Uint8Array;
      readonly fileType: FileType;
      readonly draw?: never;
    }
  );

/**
 * The class that is drawn.
 *
 * @throws {RangeError} If there is no such map.
 */
export function mapOf({ maps }: Pick<Drawable, "maps">, { map = 0 }: RenderOptions): DrawnMap {
  const chosen = maps[map];
  if (!chosen) {
    throw new RangeError(`Cannot draw map ${map}: the explanation has maps 0 to ${maps.length - 1}`);
  }
  return chosen;
}

/**
 * The photo that is drawn on.
 *
 * @throws {TypeError} If there is none.
 */
export function photoOf({ photo }: Pick<Drawable, "photo">): RgbaImage {
  if (!photo) throw new TypeError("Cannot draw on the photo: a tensor was explained, so there is none");
  return photo;
}
