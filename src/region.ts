import type { Placement } from "./image/types.ts";
import type { RegionWeights } from "./split/mod.ts";

/** A part of a photo, in its pixels; of a tensor, in the tensor's. */
export type Box = Placement;

/** Which pixels of a photo count, and how much: 0 for none of it, such as a segmentation's own result. */
export interface Mask {
  /** `height` × `width` values from 0 up, row by row. */
  readonly data: ArrayLike<number>;
  /** Rows; a mask of another size than the photo is stretched over it. */
  readonly height: number;
  /** Columns, likewise. */
  readonly width: number;
}

/** The part of a photo that a segmentation is asked about. */
export type Region = Box | Mask;

/** How much of a cell from `low` to `high` lies between two bounds. */
function overlap(low: number, high: number, from: number, to: number): number {
  return Math.max(Math.min(high, to) - Math.max(low, from), 0) / (high - low);
}

/** The first and the last pixel that a cell covers; at least one. */
function covered(low: number, high: number, count: number): [number, number] {
  const first = Math.max(Math.floor(low + 1e-6), 0);
  return [first, Math.min(Math.max(Math.ceil(high - 1e-6), first + 1), count)];
}

/** The mean of a mask over a part of it. */
function meanOf({ data, height, width }: Mask, { x, y, width: w, height: h }: Box): number {
  const [top, bottom] = covered(y, y + h, height);
  const [left, right] = covered(x, x + w, width);
  let sum = 0;
  for (let row = top; row < bottom; row++) {
    for (let column = left; column < right; column++) sum += data[row * width + column]!;
  }
  return top < bottom && left < right ? sum / ((bottom - top) * (right - left)) : 0;
}

/** How much of a region a cell of the photo holds. */
function shareOf(region: Region, cell: Box, photo: { width: number; height: number }): number {
  if ("data" in region) {
    const [across, down] = [region.width / photo.width, region.height / photo.height];
    const { x, y, width, height } = cell;
    return meanOf(region, { x: x * across, y: y * down, width: width * across, height: height * down });
  }
  return overlap(cell.x, cell.x + cell.width, region.x, region.x + region.width) *
    overlap(cell.y, cell.y + cell.height, region.y, region.y + region.height);
}

/** Whether a region is one. */
function checkRegion(region: Region): void {
  const isSize = (value: unknown) => typeof value === "number" && value > 0 && Number.isFinite(value);
  const isMask = "data" in region && region.data?.length === region.width * region.height;
  const isBox = !("data" in region) && Number.isFinite(region.x) && Number.isFinite(region.y);
  if (!(isSize(region.width) && isSize(region.height) && (isMask || isBox))) {
    throw new TypeError("Cannot use region: give { x, y, width, height }, or a mask { data, width, height }");
  }
}

/**
 * How much each pixel of a model's output counts, for a region of the photo.
 *
 * @param region A box or a mask.
 * @param view Where the model's input lies on the photo.
 * @param photo The photo's size.
 * @throws {TypeError} If it is no region.
 * @throws {RangeError} When called, if the region covers nothing that the model sees.
 */
export function regionWeights(
  region: Region,
  view: Placement,
  photo: { readonly width: number; readonly height: number },
): RegionWeights {
  checkRegion(region);
  return (height, width) => {
    const cell = { width: view.width / width, height: view.height / height };
    const shares = Float32Array.from({ length: height * width }, (_, index) => {
      const [row, column] = [Math.floor(index / width), index % width];
      return shareOf(
        region,
        { ...cell, x: view.x + column * cell.width, y: view.y + row * cell.height },
        photo,
      );
    });
    const sum = shares.reduce((total, share) => total + share, 0);
    if (!(sum > 0)) throw new RangeError("Cannot use region: it covers nothing that the model sees");
    return shares.map((share) => share / sum);
  };
}
