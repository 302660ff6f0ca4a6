import type { Heatmap } from "../base/heatmap.ts";
import type { Placement } from "../input/image/types.ts";
import { type Component, componentsOf } from "./components.ts";
import { contourOf } from "./contour.ts";
import { maskOf, type MaskOptions } from "./mask.ts";

/** A photo, and where on it the model's input lies, in its pixels. */
export interface MappedPhoto {
  /** Pixels from top to bottom. */
  readonly height: number;
  /** Pixels from left to right. */
  readonly width: number;
  /** Where the map lies. */
  readonly placement: Placement;
}

/** A place on a photo, in its pixels from the left and the top. */
export interface PhotoPlace {
  /** From the left edge. */
  readonly x: number;
  /** From the top edge. */
  readonly y: number;
}

/** A part of a map that hangs together, on the photo. */
export interface MapRegion {
  /** The least box that holds it, in the photo's pixels; cut off at the photo's edges. */
  readonly box: Placement;
  /** How much of what the model sees it covers, 0 to 1. */
  readonly area: number;
  /** Which part of all that is in the map's regions it is, 0 to 1. */
  readonly share: number;
  /** The map's mean value in it, 0 to 1. */
  readonly mean: number;
  /** The line round it, closed, in the photo's pixels; its holes are not followed. */
  readonly contour: readonly PhotoPlace[];
}

function clamp(value: number, most: number): number {
  return Math.min(Math.max(value, 0), most);
}

/** Brings a corner of a map's pixels to the photo, at most to its edge. */
function bringer({ height, width }: Pick<Heatmap, "height" | "width">, photo: MappedPhoto) {
  const { placement } = photo;
  return (x: number, y: number): PhotoPlace => ({
    x: clamp(placement.x + x / width * placement.width, photo.width),
    y: clamp(placement.y + y / height * placement.height, photo.height),
  });
}

/** The box of a component, on the photo. */
export function boxOnPhoto(
  { rows, columns }: Pick<Component, "rows" | "columns">,
  size: Pick<Heatmap, "height" | "width">,
  photo: MappedPhoto,
): Placement {
  const bring = bringer(size, photo);
  const [start, end] = [bring(columns[0], rows[0]), bring(columns[1], rows[1])];
  return { x: start.x, y: start.y, width: end.x - start.x, height: end.y - start.y };
}

/**
 * The regions of a map on its photo, the largest first. Those that lie in a border round the photo alone are left out.
 *
 * @param map The map, 0 to 1, as finely as regions are to be found.
 * @param photo The photo, and where on it the map lies.
 * @param options Which values belong to a region.
 */
export function regionsOf(map: Heatmap, photo: MappedPhoto, options: MaskOptions = {}): MapRegion[] {
  const components = componentsOf(maskOf(map, options));
  const all = components.reduce((sum, { area }) => sum + area, 0);
  const bring = bringer(map, photo);
  return components.flatMap((component) => {
    const box = boxOnPhoto(component, map, photo);
    if (!(box.width > 0 && box.height > 0)) return [];
    const { area, pixels } = component;
    return {
      box,
      area: area / map.data.length,
      share: area / all,
      mean: pixels.reduce((sum, pixel) => sum + map.data[pixel]!, 0) / area,
      contour: contourOf(component, map.width).map(([x, y]) => bring(x, y)),
    };
  });
}
