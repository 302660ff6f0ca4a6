import type { TruthMask } from "../metrics/truth.ts";
import { fillPolygon } from "./raster.ts";
import type { FoundObject } from "./truth_format.ts";

/** Where all of several objects are; of those without a mask, their boxes. */
function joinMasks(objects: readonly FoundObject[]): TruthMask | undefined {
  const first = objects.find(({ mask }) => mask)?.mask;
  if (!first) return undefined;
  const joined = { ...first, data: first.data.slice() };
  for (const { mask, boxes } of objects) {
    if (mask) mask.data.forEach((value, at) => value && (joined.data[at] = 1));
    for (const { x, y, width, height } of mask ? [] : boxes) {
      fillPolygon(joined, [x, y, x + width, y, x + width, y + height, x, y + height]);
    }
  }
  return joined;
}

/** The objects of a photo, those of one class as one: what is explained is the class. */
export function groupByClass(objects: readonly FoundObject[]): FoundObject[] {
  const keyOf = ({ label, classIndex, imagenet }: FoundObject) =>
    JSON.stringify([label, classIndex, imagenet]);
  const groups = Map.groupBy(objects, keyOf);
  return [...groups.values()].map((group) => ({
    ...group[0]!,
    boxes: group.flatMap(({ boxes }) => boxes),
    mask: joinMasks(group),
  })).filter(({ boxes, mask }) => boxes.length > 0 || mask);
}
