/**
 * The registry of colour maps. A new one is one file in `colormaps/` and one line in {@linkcode colormaps}.
 *
 * @module
 */
import { gray } from "./colormaps/gray.ts";
import { inferno } from "./colormaps/inferno.ts";
import { jet } from "./colormaps/jet.ts";
import { turbo } from "./colormaps/turbo.ts";
import { viridis } from "./colormaps/viridis.ts";
import { nearest } from "./nearest.ts";

/** A colour map as its file holds it. */
export interface ColormapSource {
  /** The name, such as `"viridis"`. */
  readonly name: string;
  /** One line for the help. */
  readonly description: string;
  /** 256 colours, red, green and blue a byte each, in base 64. */
  readonly table: string;
}

/** A colour map: 256 colours from low to high. */
export interface Colormap {
  /** The name, such as `"viridis"`. */
  readonly name: string;
  /** One line for the help. */
  readonly description: string;
  /** 256 × 3 values, 0 to 255, the same as matplotlib's. */
  readonly colors: Uint8Array;
}

function open({ name, description, table }: ColormapSource): Colormap {
  let colors: Uint8Array | undefined;
  return Object.freeze({
    name,
    description,
    get colors() {
      colors ??= Uint8Array.from(atob(table), (character) => character.charCodeAt(0));
      return colors;
    },
  });
}

/** All colour maps, the default first. */
export const colormaps: readonly Colormap[] = Object.freeze([viridis, turbo, inferno, jet, gray].map(open));

/**
 * The colour map of a name.
 *
 * @throws {RangeError} If there is none.
 */
export function findColormap(name: string): Colormap {
  const colormap = colormaps.find((candidate) => candidate.name === name);
  if (colormap) return colormap;
  const names = nearest(name, colormaps.map((candidate) => candidate.name), colormaps.length);
  throw new RangeError(`Unknown colour map "${name}": use one of ${names.join(", ")}`);
}
