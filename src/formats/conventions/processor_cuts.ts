import type { Fitting } from "../../input/image/window.ts";
import { type Fields, flagIn, numberIn } from "./fields.ts";
import { type Sides, sidesIn } from "./sides.ts";

/** What a processor does to a photo's size. */
export type Cutting = Pick<Partial<Fitting>, "fit" | "cropFraction" | "cropRounding"> & {
  /** The height and width that comes out. */
  readonly size?: readonly [height: number, width: number];
};

/**
 * Reads what a class of processors does to a photo's size.
 *
 * @param isSquare Whether a size of one number is height and width; else the shorter side.
 */
export type Cut = (fields: Fields, isSquare: boolean) => Cutting;

/** Height and width. */
type Rectangle = Extract<Sides, { readonly height: number }>;

function asRectangle(sides: Sides): Rectangle {
  if ("height" in sides) return sides;
  const side = "shortest" in sides ? sides.shortest : sides.longest;
  return { height: side, width: side };
}

/** One number for a size. */
function sideOf(sides: Sides): number {
  const { height, width } = asRectangle(sides);
  return Math.min(height, width);
}

/** What comes out where nothing is cut off. */
function uncut(sides: Sides): Cutting {
  const { height, width } = asRectangle(sides);
  return { fit: "longest" in sides ? "letterbox" : "squash", size: [height, width] };
}

/** The middle of a photo that was resized as a whole. */
function middleOf(whole: Sides | undefined, crop: Sides): Cutting {
  const { height, width } = asRectangle(crop);
  const size = [height, width] as const;
  if (!whole) return { fit: "crop", size };
  if ("longest" in whole) return { fit: "letterbox", size };
  if ("height" in whole) {
    return { fit: "squash", size, cropFraction: height / whole.height, cropRounding: "down" };
  }
  return { fit: "crop", size, cropFraction: Math.min(height, width) / whole.shortest, cropRounding: "down" };
}

/** The size that photos are resized to. */
function wholeIn(fields: Fields, isSquare: boolean): Sides | undefined {
  return flagIn(fields, "do_resize", true) ? sidesIn(fields, "size", isSquare) : undefined;
}

/** The size that is cut out. */
function cropIn(fields: Fields): Sides | undefined {
  return flagIn(fields, "do_center_crop", false) ? sidesIn(fields, "crop_size", true) : undefined;
}

function cutOf(whole: Sides | undefined, crop: Sides | undefined): Cutting {
  if (crop) return middleOf(whole, crop);
  return whole ? uncut(whole) : { fit: "squash" };
}

/** Resized and cut as it is said. */
export const cutAsSaid: Cut = (fields, isSquare) => cutOf(wholeIn(fields, isSquare), cropIn(fields));

/** A size less what a fraction leaves, so that the cut has the size. */
function enlarged(sides: Sides, fraction: number): Sides {
  const { height, width } = asRectangle(sides);
  if (height === width) return { shortest: Math.trunc(height / fraction) };
  return { height: Math.trunc(height / fraction), width: Math.trunc(width / fraction) };
}

/** Resized so that the cut is a fraction of it, as PoolFormer is. */
export const cutByFraction: Cut = (fields, isSquare) => {
  const whole = wholeIn(fields, isSquare);
  return cutOf(whole && enlarged(whole, numberIn(fields, "crop_pct") ?? 1), cropIn(fields));
};

/** From this size on ConvNeXt's photos are squashed, and nothing is cut off. */
const squashedFrom = 384;

/** Resized so that the cut is a fraction of it, or squashed where the size is large, as ConvNeXt is. */
export const cutIfSmall: Cut = (fields, isSquare) => {
  const whole = wholeIn(fields, isSquare);
  if (!whole) return { fit: "squash" };
  const side = sideOf(whole);
  const square = { height: side, width: side };
  if (side >= squashedFrom) return uncut(square);
  return middleOf(enlarged(square, numberIn(fields, "crop_pct") ?? 1), square);
};

/** Resized to an eighth more than the size, as LeViT is. */
export const cutOfEighthMore: Cut = (fields, isSquare) => {
  const whole = wholeIn(fields, isSquare);
  const isOneSide = whole && "shortest" in whole;
  return cutOf(isOneSide ? { shortest: Math.trunc(256 / 224 * whole.shortest) } : whole, cropIn(fields));
};

/** Cut before it is resized, as Perceiver is: what is cut out is to the shorter side as the size is to the crop's. */
export const cutBeforeResizing: Cut = (fields, isSquare) => {
  const [whole, crop] = [wholeIn(fields, isSquare), cropIn(fields)];
  if (!whole || !crop) return cutOf(whole, crop);
  return {
    ...uncut(whole),
    fit: "crop",
    cropFraction: sideOf(whole) / sideOf(crop),
    cropRounding: "photo",
  };
};
