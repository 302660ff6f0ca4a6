/**
 * The registry of what an explanation can be saved as. The command line tool and the server read it; a new
 * form is one file beside this one and one line in the list.
 *
 * @module
 */
import { nearest } from "../../base/nearest.ts";
import { heatmapRendering } from "./heatmap.ts";
import { jsonRendering } from "./json.ts";
import { npyRendering } from "./npy.ts";
import { overlayRendering } from "./overlay.ts";
import { panelRendering } from "./panel.ts";
import type { NamedRendering, RenderOptions } from "./rendering.ts";

export type { RenderOptions };

/** The name of a rendering. */
export type RenderingName = "overlay" | "heatmap" | "panel" | "npy" | "json";

/** Something an explanation can be saved as: a picture, or data. */
export type Rendering = NamedRendering<RenderingName>;

/** All renderings, the default first. */
export const renderings: readonly Rendering[] = Object.freeze([
  overlayRendering,
  heatmapRendering,
  panelRendering,
  npyRendering,
  jsonRendering,
]);

/** The endings of files that there are, in words. */
export const renderingEndings: string = [...new Set(renderings.map(({ extension }) => extension))].join(", ");

/** The first rendering whose files have an ending, in small letters and with its dot. */
export function renderingOfEnding(ending: string): Rendering | undefined {
  return renderings.find(({ extension }) => extension === ending);
}

/**
 * The rendering of a name.
 *
 * @throws {RangeError} If there is none.
 */
export function findRendering(name: string): Rendering {
  const rendering = renderings.find((candidate) => candidate.name === name);
  if (rendering) return rendering;
  const names = renderings.map((candidate) => candidate.name);
  throw new RangeError(
    `Unknown rendering "${name}": use one of ${nearest(name, names, names.length).join(", ")}`,
  );
}
