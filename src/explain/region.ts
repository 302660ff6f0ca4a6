import { RegionError } from "../base/errors.ts";
import type { PhotoLimits } from "../input/image/limits.ts";
import { isPhotoSource, readImage } from "../input/image/read.ts";
import type { Placement } from "../input/image/types.ts";
import type { RegionWeights } from "../split/model.ts";

/** A part of a photo, in its pixels; of a tensor, in the tensor's. */
export type Box = Placement;

/** Which pixels of a photo count, and how much, such as a segmentation's own result. */
export interface Mask {
  /**
   * `height` × `width` values, row by row: 0 or false for what does not count; or the pixels of a picture,
   * `height` × `width` × 4 as in {@linkcode RgbaImage}, which count as much as they are bright and opaque.
   */
  readonly data: ArrayLike<number | boolean>;
  /** Rows; a mask of another size than the photo is stretched over it. */
  readonly height: number;
  /** Columns, likewise. */
  readonly width: number;
}

/** The part of a photo that a segmentation is asked about: a box, a mask, or a mask as a picture's path, URL or content. */
export type Region = Box | Mask | string | URL | Uint8Array | ArrayBuffer | Blob;

/** A region that was read and checked. */
export type PlainRegion = Box | (Mask & { readonly data: Float32Array });

/** What to give for a region. */
const allowed = "give { x, y, width, height }, a mask { data, width, height }, or a picture of one";

function isMask(region: Box | Mask): region is Mask {
  return "data" in region;
}

/** How bright and opaque each pixel of a picture is, 0 to 1. */
function brightness({ data, height, width }: Mask): Float32Array {
  const result = new Float32Array(height * width);
  for (let pixel = 0, at = 0; pixel < result.length; pixel++, at += 4) {
    const colours = Number(data[at]) + Number(data[at + 1]) + Number(data[at + 2]);
    result[pixel] = colours / (3 * 255) * Number(data[at + 3]) / 255;
  }
  return result;
}

function checkMask(mask: Mask): PlainRegion {
  const { data, height, width } = mask;
  const isSize = (size: unknown) => Number.isInteger(size) && (size as number) > 0;
  const values = Number((data as { length?: unknown } | undefined)?.length);
  if (!isSize(width) || !isSize(height) || ![1, 4].includes(values / (width * height))) {
    throw new TypeError(
      `Cannot use a mask of ${width} × ${height} with ${values} values: give one a pixel, or four as RGBA`,
    );
  }
  const plain = values === width * height ? Float32Array.from(data, Number) : brightness(mask);
  const wrong = plain.find((value) => !(value >= 0 && Number.isFinite(value)));
  if (wrong !== undefined) throw new RangeError(`Cannot use a mask with ${wrong}: its values are 0 or more`);
  return { data: plain, height, width };
}

function checkBox(box: Box): PlainRegion {
  const { x, y, width, height } = box;
  if (![x, y, width, height].every((value) => typeof value === "number")) {
    throw new TypeError(`Cannot use region: ${allowed}`);
  }
  if (![x, y, width, height].every(Number.isFinite) || width <= 0 || height <= 0) {
    throw new RangeError(
      `Cannot use region x ${x}, y ${y}, ${width} × ${height}: width and height are more than 0`,
    );
  }
  return { x, y, width, height };
}

/**
 * Read and check a region.
 *
 * @param region As the user gives it.
 * @param options What reading a picture takes.
 * @throws {ImageError} If it is a picture that cannot be read.
 * @throws {TypeError} If it is no region.
 * @throws {RangeError} If its numbers are out of range.
 */
export async function readRegion(
  region: Region,
  options: PhotoLimits & { readonly signal?: AbortSignal | undefined } = {},
): Promise<PlainRegion> {
  if (typeof region === "object" && region !== null && "width" in region) {
    return isMask(region) ? checkMask(region) : checkBox(region);
  }
  if (!isPhotoSource(region)) throw new TypeError(`Cannot use region: ${allowed}`);
  const { maxPixels, maxPhotoSide, maxDecodingBytes, signal } = options;
  const limits = { maxPixels, maxPhotoSide, maxDecodingBytes };
  const picture = await readImage(region, { ...limits, signal, alpha: "keep" });
  return checkMask(picture);
}

/** How much of each of `cells` equal parts of `start` … `start + length` lies in each pixel of a row of `count`. */
function planOverlaps(start: number, length: number, cells: number, count: number) {
  const size = length / cells;
  return Array.from({ length: cells }, (_, cell) => {
    const [low, high] = [start + cell * size, start + (cell + 1) * size];
    const first = Math.min(Math.max(Math.floor(low), 0), count);
    const end = Math.max(Math.min(Math.ceil(high), count), first);
    const shares = Array.from({ length: end - first }, (_, index) => {
      const pixel = first + index;
      return (Math.min(high, pixel + 1) - Math.max(low, pixel)) / size;
    });
    return { first, shares };
  });
}

/** The part of a box that lies on the photo; of no size where there is none. */
function onPhoto(box: Box, photo: { readonly width: number; readonly height: number }): Box {
  const [x, y] = [Math.max(box.x, 0), Math.max(box.y, 0)];
  const [right, bottom] = [
    Math.min(box.x + box.width, photo.width),
    Math.min(box.y + box.height, photo.height),
  ];
  return { x, y, width: Math.max(right - x, 0), height: Math.max(bottom - y, 0) };
}

/** The mean of a region over each cell of the view; what lies beyond the photo is none of it. */
function meanInCells(
  region: PlainRegion,
  view: Placement,
  photo: { readonly width: number; readonly height: number },
  { height, width }: { readonly height: number; readonly width: number },
): Float32Array {
  // A box is a mask of one pixel, which lies where the box does.
  const { data, ...raster } = isMask(region) ? region : { data: Float32Array.of(1), height: 1, width: 1 };
  const place = isMask(region) ? { x: 0, y: 0, ...photo } : onPhoto(region, photo);
  if (!(place.width > 0 && place.height > 0)) return new Float32Array(height * width);
  const [across, down] = [raster.width / place.width, raster.height / place.height];
  const columns = planOverlaps((view.x - place.x) * across, view.width * across, width, raster.width);
  const rows = planOverlaps((view.y - place.y) * down, view.height * down, height, raster.height);
  return Float32Array.from({ length: height * width }, (_, index) => {
    const { first: top, shares: heights } = rows[Math.floor(index / width)]!;
    const { first: left, shares: widths } = columns[index % width]!;
    let sum = 0;
    heights.forEach((share, y) => {
      const line = (top + y) * raster.width + left;
      for (let x = 0; x < widths.length; x++) sum += share * widths[x]! * data[line + x]!;
    });
    return sum;
  });
}

/**
 * How much each pixel of a model's output counts, for a region of the photo: in proportion to how much of the
 * region it holds.
 *
 * @param region A box or a mask.
 * @param view Where the model's input lies on the photo.
 * @param photo The photo's size.
 * @returns A function that throws a {@linkcode RegionError} if the region covers nothing that the model sees.
 */
export function regionWeights(
  region: PlainRegion,
  view: Placement,
  photo: { readonly width: number; readonly height: number },
): RegionWeights {
  const known = new Map<string, Float32Array>(); // each class asks again
  return (height, width) => {
    const shares = known.get(`${height} ${width}`) ?? meanInCells(region, view, photo, { height, width });
    const sum = shares.reduce((total, share) => total + share, 0);
    if (!(sum > 0)) throw new RegionError("Cannot use region: it covers nothing that the model sees");
    const weights = shares.map((share) => share / sum);
    known.set(`${height} ${width}`, weights);
    return weights;
  };
}

/** Where on a photo a model looks, as far as a region must know it. */
export interface Sight {
  /** The shape of the model's input, `[1, H, W, C]`. */
  readonly shape: readonly [number, number, number, number];
  /** The photo's size, unless a tensor was explained. */
  readonly photo: { readonly width: number; readonly height: number } | undefined;
  /** Where on the photo the model looks. */
  readonly placement: Placement | undefined;
}

/** A region that was asked for before the photo was read: how much pixels count is known when it is. */
export class PendingRegion {
  readonly #region: PlainRegion;
  #weights: RegionWeights | undefined;

  /** @param region Read and checked. */
  constructor(region: PlainRegion) {
    this.#region = region;
  }

  /** How much each pixel of the output counts, as cuts take it. */
  readonly weights: RegionWeights = (height, width) => this.#weights!(height, width);

  /** Lay it on the photo, or on the tensor, of which the model sees all. */
  layOn({ shape: [, height, width], photo, placement }: Sight): void {
    const all = { height, width };
    this.#weights = regionWeights(this.#region, placement ?? { x: 0, y: 0, ...all }, photo ?? all);
  }
}
