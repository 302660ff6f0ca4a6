/**
 * The registry of colour maps. A new one is one file beside this one and one line in {@linkcode colormaps}.
 *
 * @module
 */
import { findNamed } from "../../base/find_named.ts";
import type { ColormapSource, NamedColormap } from "./colormap.ts";
import { coolwarm } from "./coolwarm.ts";
import { gray } from "./gray.ts";
import { inferno } from "./inferno.ts";
import { jet } from "./jet.ts";
import { turbo } from "./turbo.ts";
import { viridis } from "./viridis.ts";

/** The name of a colour map. */
export type ColormapName = "viridis" | "turbo" | "inferno" | "jet" | "gray" | "coolwarm";

/** A colour map: 256 colours from low to high. */
export type Colormap = NamedColormap<ColormapName>;

function open({ name, description, isDiverging, table }: ColormapSource<ColormapName>): Colormap {
  let colors: Uint8Array | undefined;
  return Object.freeze({
    name,
    description,
    isDiverging: isDiverging === true,
    get colors() {
      colors ??= Uint8Array.from(atob(table), (character) => character.charCodeAt(0));
      return colors;
    },
  });
}

/** All colour maps, the default first; that of maps whose zero is in the middle is the diverging one. */
export const colormaps: readonly Colormap[] = Object.freeze(
  [viridis, turbo, inferno, jet, gray, coolwarm].map(open),
);

/**
 * The colour map of a name.
 *
 * @throws {RangeError} If there is none.
 */
export function findColormap(name: string): Colormap {
  return findNamed(colormaps, name, "colour map");
}
