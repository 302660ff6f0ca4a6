import type { OriginalPhoto } from "../input/plan.ts";
import type { PhotoTruth, Truth, TruthMask, TruthObject } from "./truth.ts";

/** A class that is explained. */
export interface NamedClass {
  readonly classIndex: number;
  readonly label: string | undefined;
}

/** Whether an object is of a class; one that says no class is of any. */
function isOf(object: TruthObject, { classIndex, label }: NamedClass): boolean {
  if (object.classIndex !== undefined) return object.classIndex === classIndex;
  return object.label === undefined || object.label.toLowerCase() === label?.toLowerCase();
}

/** A mask of all objects together, as large as the largest of theirs. */
function joinMasks(masks: readonly TruthMask[]): TruthMask | undefined {
  const [first, ...others] = masks;
  if (!first || others.length === 0) return first;
  const { height, width } = masks.reduce((one, other) => other.data.length > one.data.length ? other : one);
  const data = new Uint8Array(height * width);
  for (const mask of masks) {
    for (let at = 0; at < data.length; at++) {
      const row = Math.floor((Math.floor(at / width) + 0.5) / height * mask.height);
      const column = Math.floor((at % width + 0.5) / width * mask.width);
      if (mask.data[row * mask.width + column] !== 0) data[at] = 1;
    }
  }
  return { height, width, data };
}

/**
 * Where the objects of a class are. A mask counts only where all of them have one.
 *
 * @param truth What is on the photo.
 * @param of The class.
 * @param original The photo's size, and what of it the model sees.
 * @returns `undefined` where nothing is known of the class.
 */
export function truthOfClass(truth: PhotoTruth, of: NamedClass, original: OriginalPhoto): Truth | undefined {
  const objects = truth.objects.filter((object) => isOf(object, of));
  if (objects.length === 0) return undefined;
  const masks = objects.flatMap(({ mask }) => mask ?? []);
  const { placement, height, width } = original;
  return {
    boxes: objects.flatMap(({ boxes }) => boxes),
    mask: masks.length === objects.length ? joinMasks(masks) : undefined,
    placement,
    photo: { height, width },
  };
}

/** The classes of a truth's objects, as `gradcam()` takes them; nothing where it names none. */
export function classesOf(truth: PhotoTruth): { classIndex?: number[]; label?: string[] } {
  const indices = truth.objects.flatMap(({ classIndex }) => classIndex ?? []);
  const labels = truth.objects.flatMap(({ classIndex, label }) =>
    classIndex === undefined ? label ?? [] : []
  );
  return {
    ...(indices.length > 0 && { classIndex: [...new Set(indices)] }),
    ...(labels.length > 0 && { label: [...new Set(labels)] }),
  };
}
