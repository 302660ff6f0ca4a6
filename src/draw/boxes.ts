import type { Heatmap } from "../base/heatmap.ts";
import { flagRule, numberRule, type OptionRules, textRule } from "../base/options.ts";
import type { Placement, RgbaImage } from "../input/image/types.ts";
import { componentsOf } from "../regions/components.ts";
import { fineEvidence } from "../regions/evidence.ts";
import { maskOf, type MaskOptions } from "../regions/mask.ts";

/** Whether boxes are drawn, and round what. */
export interface BoxOptions extends MaskOptions {
  /**
   * Whether boxes are drawn round the regions of the map that speak for the class.
   * @default {false}
   */
  readonly boxes?: boolean | undefined;
}

/** What each of them can be. */
export const boxRules: OptionRules<BoxOptions> = {
  boxes: flagRule,
  threshold: textRule("the name of a threshold"),
  level: numberRule("a number from 0 to 1"),
};

/** Regions that are less than this part of the map are not drawn: specks of maps of pixels. */
const smallest = 0.002;

/** Half a line's width and its dark edges', in pixels, of a picture whose longer side is 512; larger ones have wider lines. */
const core = 1;
const edge = 2;
const side = 512;
const white = 255;
const dark = 20;

/**
 * The boxes of a map's regions, in parts of what the model sees; `undefined` where none are asked for.
 *
 * @param raw The map before it was scaled.
 * @param options Whether, and round what.
 * @param shape What the model sees of the photo.
 * @throws {RangeError} If there is no such threshold, or its level is out of range.
 */
export function foundBoxes(
  raw: Heatmap,
  { boxes = false, threshold, level }: BoxOptions,
  shape: Pick<Placement, "height" | "width"> = raw,
): Placement[] | undefined {
  if (!boxes) return undefined;
  const map = fineEvidence(raw, shape);
  return componentsOf(maskOf(map, { threshold, level }))
    .filter(({ area }) => area >= smallest * map.data.length)
    .map(({ rows: [top, bottom], columns: [left, right] }) => ({
      x: left / map.width,
      y: top / map.height,
      width: (right - left) / map.width,
      height: (bottom - top) / map.height,
    }));
}

/** Fill a rectangle of a picture, as far as it lies in it. */
function fill(image: RgbaImage, [left, top, right, bottom]: readonly number[], brightness: number): void {
  const { data, height, width } = image;
  for (let y = Math.max(top!, 0); y < Math.min(bottom!, height); y++) {
    for (let x = Math.max(left!, 0); x < Math.min(right!, width); x++) {
      data.fill(brightness, (y * width + x) * 4, (y * width + x) * 4 + 3);
    }
  }
}

/** Draw the four lines of a box, its corners given, so wide to each side. */
function outline(image: RgbaImage, corners: readonly number[], half: number, brightness: number): void {
  const [left, top, right, bottom] = corners as [number, number, number, number];
  fill(image, [left - half, top - half, right + half, top + half], brightness);
  fill(image, [left - half, bottom - half, right + half, bottom + half], brightness);
  fill(image, [left - half, top - half, left + half, bottom + half], brightness);
  fill(image, [right - half, top - half, right + half, bottom + half], brightness);
}

/**
 * Draw boxes: white lines with dark edges, so that they show on any photo; at the picture's edge within it.
 *
 * @param image The picture, which is changed.
 * @param boxes In parts of what the model sees.
 * @param placement Where that lies on the picture, in its pixels; all of it if left out.
 */
export function drawBoxes(
  image: RgbaImage,
  boxes: readonly Placement[],
  placement: Placement = { x: 0, y: 0, width: image.width, height: image.height },
): void {
  const scale = Math.max(image.height, image.width, side) / side;
  const [narrow, wide] = [Math.max(Math.round(core * scale), 1), Math.round(edge * scale)];
  const within = (value: number, size: number) => Math.min(Math.max(Math.round(value), wide), size - wide);
  for (const { x, y, width, height } of boxes) {
    const corners = [
      within(placement.x + x * placement.width, image.width),
      within(placement.y + y * placement.height, image.height),
      within(placement.x + (x + width) * placement.width, image.width),
      within(placement.y + (y + height) * placement.height, image.height),
    ];
    outline(image, corners, wide, dark);
    outline(image, corners, narrow, white);
  }
}
