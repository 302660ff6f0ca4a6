import type { Placement, RgbaImage } from "../input/image/types.ts";
import { type Heatmap, peak } from "../base/heatmap.ts";

/** A place on the photo, as fractions from its top left corner. */
export interface Place {
  /** 0 at the left edge, 1 at the right one. */
  readonly x: number;
  /** 0 at the top edge, 1 at the bottom one. */
  readonly y: number;
}

/** As much of a map as tells where. */
export interface LocatedMap {
  readonly heatmap: Heatmap;
  readonly diagnosis: string;
}

/** As much of an explanation as tells where the map lies on the photo. */
export interface LocatedPhoto {
  readonly placement: Placement | undefined;
  readonly photo: RgbaImage | undefined;
}

/** The name of the third that a fraction lies in; the middle one has none. */
function thirdOf(fraction: number, first: string, last: string): string {
  if (fraction < 1 / 3) return first;
  return fraction > 2 / 3 ? last : "";
}

/**
 * A place in words, such as `"upper left"`.
 *
 * @param place Fractions of the photo.
 */
export function placeName({ x, y }: Place): string {
  const [row, column] = [thirdOf(y, "upper", "lower"), thirdOf(x, "left", "right")];
  if (row === "") return column === "" ? "centre" : `${column} side`;
  return column === "" ? { upper: "top", lower: "bottom" }[row]! : `${row} ${column}`;
}

/** Where on the photo the highest value of a map lies; where the model looked past the photo's edge, the edge. */
function placeOf({ heatmap }: LocatedMap, { placement, photo }: LocatedPhoto): Place {
  const { x, y } = peak(heatmap);
  if (!placement || !photo) return { x, y };
  const within = (fraction: number) => Math.min(Math.max(fraction, 0), 1);
  return {
    x: within((placement.x + x * placement.width) / photo.width),
    y: within((placement.y + y * placement.height) / photo.height),
  };
}

/**
 * Where the model looked for a class, in words and in numbers; `undefined` where the map does not tell.
 *
 * @param map One of the explanation's maps.
 */
export function describeWhere(map: LocatedMap, explanation: LocatedPhoto): string | undefined {
  if (map.diagnosis !== "ok") return undefined;
  const place = placeOf(map, explanation);
  const [x, y] = [place.x, place.y].map((fraction) => Math.round(fraction * 100));
  return `${placeName(place)} (x ${x} %, y ${y} %)`;
}
