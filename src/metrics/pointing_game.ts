import type { NamedMetric } from "./metric.ts";
import type { Subject } from "./subject.ts";
import type { Truth, TruthBox, TruthMask } from "./truth.ts";
import { emptyTruth, type PhotoPoint, pixelsOf, pointOn, withoutTruth } from "./truth_pixels.ts";

/** How far a number lies outside of a span; 0 within it. */
function beyond(at: number, start: number, length: number): number {
  return Math.max(start - at, at - start - length, 0);
}

/** How far a point is from a box, in the photo's pixels. */
function distanceToBox({ x, y }: PhotoPoint, box: TruthBox, { height, width }: Truth["photo"]): number {
  return Math.hypot(beyond(x, box.x, box.width) * width, beyond(y, box.y, box.height) * height);
}

/** The cells of a span that lie within a distance of a place, all in fractions. */
function cellsNear(at: number, reach: number, cells: number): readonly [first: number, last: number] {
  return [
    Math.max(Math.floor((at - reach) * cells), 0),
    Math.min(Math.floor((at + reach) * cells), cells - 1),
  ];
}

/** Whether a mask has a pixel that is at most so far from a point, in the photo's pixels. */
function isNearMask(point: PhotoPoint, { mask, photo }: { mask: TruthMask } & Truth, reach: number): boolean {
  const [left, right] = cellsNear(point.x, reach / photo.width, mask.width);
  const [top, bottom] = cellsNear(point.y, reach / photo.height, mask.height);
  const [width, height] = [1 / mask.width, 1 / mask.height];
  for (let row = top; row <= bottom; row++) {
    for (let column = left; column <= right; column++) {
      if (mask.data[row * mask.width + column] === 0) continue;
      const cell = { x: column * width, y: row * height, width, height };
      if (distanceToBox(point, cell, photo) <= reach) return true;
    }
  }
  return false;
}

/** Whether a place is on an object, or near enough. */
function isHit(point: PhotoPoint, truth: Truth, tolerance: number): boolean {
  const { boxes, mask, photo } = truth;
  if (mask) return isNearMask(point, { ...truth, mask }, tolerance);
  return boxes.some((box) => distanceToBox(point, box, photo) <= tolerance);
}

/**
 * The places of the map's own grid whose value is the greatest: where it is enlarged bilinearly it is greatest there too, and at its
 * edge also beside them.
 */
function peaks({ raw: { data } }: Subject): number[] {
  const most = data.reduce((a, b) => Math.max(a, b), -Infinity);
  return Array.from(data.keys()).filter((pixel) => data[pixel] === most);
}

/**
 * The pointing game: whether the map's peak lies on the object, or at most `tolerance` pixels of the photo beside it: 0, or 15
 * in the benchmark. Of several equal peaks it is the share that does. An object that covers nothing of what the model sees is
 * never hit.
 *
 * Zhang et al., "Top-down Neural Attention by Excitation Backprop", ECCV 2016, https://arxiv.org/abs/1608.00507
 *
 * Quantus takes for a hit if any of several equal peaks lies on the object, so that a map that is the same everywhere always
 * hits.
 */
export const pointingGameMetric: NamedMetric<"pointinggame"> = {
  name: "pointinggame",
  title: "Pointing game",
  description: "Whether the map's peak lies on the object",
  kind: "localisation",
  better: "higher",
  range: [0, 1],
  needs: "truth",
  settings: { tolerance: 0 },
  cost: () => ({}),
  measure(subject) {
    const { truth, pixels, raw, settings: { tolerance = 0 } } = subject;
    if (!truth) return Promise.resolve(withoutTruth);
    if (!pixelsOf(truth, pixels).includes(1)) return Promise.resolve({ value: 0, why: emptyTruth });
    const found = peaks(subject);
    const hits = found.filter((pixel) => isHit(pointOn(truth, raw, pixel), truth, tolerance));
    return Promise.resolve({ value: hits.length / found.length });
  },
};
