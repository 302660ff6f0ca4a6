import type { Placement } from "../input/image/types.ts";
import { componentsOf } from "../regions/components.ts";
import { maskOf } from "../regions/mask.ts";
import { overlapOf } from "../regions/overlap.ts";
import { boxOnPhoto, type MappedPhoto } from "../regions/region_boxes.ts";
import type { Subject } from "./subject.ts";
import type { Truth } from "./truth.ts";

/** A photo as regions take it. */
function photoOf({ photo, placement }: Truth): MappedPhoto {
  return { ...photo, placement };
}

/** The objects' boxes in the photo's pixels; where there are none, those of their mask's parts. */
function trueBoxes(truth: Truth): Placement[] {
  const { boxes, mask, photo: { height, width } } = truth;
  if (boxes.length > 0) {
    return boxes.map((box) => ({
      x: box.x * width,
      y: box.y * height,
      width: box.width * width,
      height: box.height * height,
    }));
  }
  if (!mask) return [];
  const whole = { height, width, placement: { x: 0, y: 0, height, width } };
  return componentsOf(mask).map((component) => boxOnPhoto(component, mask, whole));
}

/**
 * How well the box of a map's largest region lies on the object: the intersection over union with that of the object's boxes
 * which it meets best, in the photo's pixels.
 */
export function boxOverlap({ evidence, settings: { threshold, level } }: Subject, truth: Truth): number {
  const [largest] = componentsOf(maskOf(evidence, { threshold, level }));
  if (!largest) return 0;
  const box = boxOnPhoto(largest, evidence, photoOf(truth));
  return trueBoxes(truth).reduce((best, one) => Math.max(best, overlapOf(box, one)), 0);
}
