import type { TruthBox } from "../metrics/truth.ts";
import type { PhotoSize } from "./truth_format.ts";

/** Boxes that lie on the photo, and how many of those given were left out or cut. */
export interface FittedBoxes {
  readonly boxes: readonly TruthBox[];
  /** What is wrong, a few words each. */
  readonly problems: readonly string[];
}

/** How far beyond the photo, as a part of its side, a box may reach by rounding. */
const rounding = 0.01;

function counted(count: number, one: string, several: string): string[] {
  return count === 0 ? [] : [`${count} ${count === 1 ? one : several}`];
}

/** Boxes in pixels as fractions of a photo. */
export function inFractions(boxes: readonly TruthBox[], { height, width }: PhotoSize): TruthBox[] {
  return boxes.map((box) => ({
    x: box.x / width,
    y: box.y / height,
    width: box.width / width,
    height: box.height / height,
  }));
}

/**
 * Boxes as they lie on the photo: those beyond it and those of no size are left out, those that reach beyond it are cut.
 *
 * @param boxes In fractions of the photo.
 */
export function fitBoxes(boxes: readonly TruthBox[]): FittedBoxes {
  const fitted: TruthBox[] = [];
  let [empty, outside, cut] = [0, 0, 0];
  for (const { x, y, width, height } of boxes) {
    if (![x, y, width, height].every(Number.isFinite) || width <= 0 || height <= 0) {
      empty++;
      continue;
    }
    const [left, top] = [Math.max(x, 0), Math.max(y, 0)];
    const [right, bottom] = [Math.min(x + width, 1), Math.min(y + height, 1)];
    if (right <= left || bottom <= top) {
      outside++;
      continue;
    }
    if (Math.max(-x, -y, x + width - 1, y + height - 1) > rounding) cut++;
    fitted.push({ x: left, y: top, width: right - left, height: bottom - top });
  }
  return {
    boxes: fitted,
    problems: [
      ...counted(
        outside,
        "box lies outside the photo: it is left out",
        "boxes lie outside the photo: they are left out",
      ),
      ...counted(empty, "box has no size: it is left out", "boxes have no size: they are left out"),
      ...counted(
        cut,
        "box reaches beyond the photo: it is cut",
        "boxes reach beyond the photo: they are cut",
      ),
    ],
  };
}
