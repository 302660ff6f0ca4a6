/**
 * The settings of methods: what each is called everywhere, what it can be and what it means. The library's option
 * `settings`, the command line tool's options and the server's parameters are read from this list; a method names those
 * that it takes, with its defaults.
 *
 * @module
 */
import { between, checkSettingsBy, choice, count, type SettingSpecOf } from "../base/setting_specs.ts";

/** What stands for nothing seen: black or white, the photo's mean colour, or the photo out of focus. */
export type Baseline = "black" | "white" | "mean" | "blur";

/** What methods can be told; each method takes some of them. */
export interface MethodSettings {
  /** Where random numbers begin: the same seed gives the same map. */
  readonly seed?: number | undefined;
  /** How many changed photos or masks are tried. */
  readonly samples?: number | undefined;
  /** How many steps the path from the baseline to the photo has. */
  readonly steps?: number | undefined;
  /** How many channels are tried, the most varied first; 0 for all. */
  readonly channels?: number | undefined;
  /** What stands for nothing seen. */
  readonly baseline?: Baseline | undefined;
  /** The side of the window that is hidden, in pixels of the model's input. */
  readonly window?: number | undefined;
  /** How far the window moves, in pixels of the model's input. */
  readonly stride?: number | undefined;
  /** The standard deviation of noise, as a part of the range of the model's input. */
  readonly noise?: number | undefined;
  /** Into how many superpixels the photo is divided, about. */
  readonly segments?: number | undefined;
  /** How many cells a random mask has along each side. */
  readonly cells?: number | undefined;
  /** How much of the photo a random mask leaves to be seen, 0 to 1. */
  readonly visible?: number | undefined;
  /** Into how many maps the layer's activation is factorised. */
  readonly components?: number | undefined;
  /** Which part of the map is kept: what speaks for the target, against it, or both. */
  readonly part?: "both" | "pro" | "con" | undefined;
  /** Whose formula is followed where they differ: the paper's, or AUCMEDI's. */
  readonly variant?: "paper" | "aucmedi" | undefined;
}

/** A setting, for everybody who asks for it. */
export type SettingSpec = SettingSpecOf<keyof MethodSettings>;

/** All settings. */
export const settingSpecs: readonly SettingSpec[] = Object.freeze([
  count("seed", "Where random numbers begin: the same seed gives the same map", [0, 2 ** 32 - 1]),
  count("samples", "How many changed photos or masks are tried", [1, 100_000]),
  count("steps", "How many steps the path from the baseline to the photo has", [1, 10_000]),
  count("channels", "How many channels are tried, the most varied first; 0 for all", [0, 100_000]),
  choice("baseline", "What stands for nothing seen", ["black", "white", "mean", "blur"]),
  count("window", "The side of the window that is hidden, in pixels of the model's input", [1, 65_535]),
  count("stride", "How far the window moves, in pixels of the model's input", [1, 65_535]),
  between("noise", "The standard deviation of noise, as a part of the range of the model's input", [0, 10]),
  count("segments", "Into how many superpixels the photo is divided, about", [2, 2000]),
  count("cells", "How many cells a random mask has along each side", [1, 1000]),
  between("visible", "How much of the photo a random mask leaves to be seen", [0, 1]),
  count("components", "Into how many maps the layer's activation is factorised", [1, 100]),
  choice("part", "What of the map is kept: for the target, against it, or both", ["both", "pro", "con"]),
  choice("variant", "Whose formula is followed where they differ", ["paper", "aucmedi"]),
]);

/**
 * Make sure that settings are what methods can be told.
 *
 * @throws {RangeError} If there is no such setting, or it is out of range.
 */
export function checkSettings(settings: MethodSettings): void {
  checkSettingsBy(settingSpecs, settings);
}
