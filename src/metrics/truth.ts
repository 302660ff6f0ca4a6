import type { Placement } from "../input/image/types.ts";

/** A box in fractions of the photo, 0 to 1; `x`, `y` is its upper left corner. */
export interface TruthBox {
  /** From the photo's left edge. */
  readonly x: number;
  /** From its upper edge. */
  readonly y: number;
  /** In parts of the photo's width. */
  readonly width: number;
  /** In parts of its height. */
  readonly height: number;
}

/** Which pixels an object covers; of the photo's size, or smaller and stretched over it. */
export interface TruthMask {
  /** Rows. */
  readonly height: number;
  /** Columns. */
  readonly width: number;
  /** `height` × `width` values, row by row: 1 where the object is, else 0. */
  readonly data: Uint8Array;
}

/** An object, or several of one class, on a photo. */
export interface TruthObject {
  /** The class, from 0. */
  readonly classIndex?: number | undefined;
  /** Its name, which the model's labels are searched for where the index is not said. */
  readonly label?: string | undefined;
  /** Where it is; of several objects one box each. */
  readonly boxes: readonly TruthBox[];
  /** Which pixels it covers, where that is known. */
  readonly mask?: TruthMask | undefined;
}

/** What is known to be on a photo. */
export interface PhotoTruth {
  /** The photo's name, for people. */
  readonly file: string;
  /** The objects; one without class and label stands for whatever class is explained. */
  readonly objects: readonly TruthObject[];
}

/** Where the objects of the class that is explained are, and what of the photo the model sees. */
export interface Truth {
  /** In fractions of the photo. */
  readonly boxes: readonly TruthBox[];
  /** Laid over the photo; where there is none, the boxes stand for it. */
  readonly mask?: TruthMask | undefined;
  /** Where the model's input lies on the photo, in the photo's pixels. */
  readonly placement: Placement;
  /** The photo's own size, in pixels. */
  readonly photo: { readonly height: number; readonly width: number };
}
