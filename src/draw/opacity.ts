import { findNamed } from "../base/find_named.ts";

/** How the heatmap's opacity is chosen. */
export type OpacityName = "map" | "constant";

/** How much a heatmap covers the photo, by its value. */
export interface Opacity {
  /** The name in options. */
  readonly name: OpacityName;
  /** One line for the help. */
  readonly description: string;
  /** The largest opacity where none is asked for, 0 to 1. */
  readonly alpha: number;
  /** The share of the largest opacity that a value of the map has, both 0 to 1. */
  readonly share: (value: number) => number;
  /** The same of a map whose zero is its middle: that of the distance from there. */
  readonly signedShare: (value: number) => number;
}

/** The opacity of a map whose zero is its middle too. */
function forBoth(opacity: Omit<Opacity, "signedShare">): Opacity {
  return { ...opacity, signedShare: (value) => opacity.share(Math.abs(2 * value - 1)) };
}

/** All of them, the default first. */
export const opacities: readonly Opacity[] = Object.freeze([
  forBoth({
    name: "map",
    description: "more the higher the map is, so that cold places stay the photo",
    alpha: 0.7,
    share: (value) => value * value * (3 - 2 * value),
  }),
  forBoth({
    name: "constant",
    description: "the same everywhere, as other tools draw it",
    alpha: 0.4,
    share: () => 1,
  }),
]);

/**
 * The opacity of a name.
 *
 * @throws {RangeError} If there is none.
 */
export function findOpacity(name: string): Opacity {
  return findNamed(opacities, name, "opacity");
}
