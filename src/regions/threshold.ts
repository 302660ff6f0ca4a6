import type { Heatmap } from "../base/heatmap.ts";

/** A way to find the value from which on a map's pixels belong to its region. */
export interface NamedThreshold<Name extends string> {
  /** The name in options, such as `"otsu"`. */
  readonly name: Name;
  /** The name in print, such as `"Otsu's threshold"`. */
  readonly title: string;
  /** One line for the help text. */
  readonly description: string;
  /** Its number where the user says nothing, 0 to 1; `undefined` where it takes none. */
  readonly level?: number | undefined;
  /**
   * The least value that belongs to the region.
   *
   * @param map A map that is not the same everywhere, any range.
   * @param level Its number.
   */
  valueOf(map: Heatmap, level: number): number;
}
