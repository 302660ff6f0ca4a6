/** A box in fractions of the photo, 0 to 1. */
export interface TruthBox {
  /** The left edge. */
  readonly x: number;
  /** The upper edge. */
  readonly y: number;
  readonly width: number;
  readonly height: number;
}

/** Which parts of a photo an object covers: a raster that is stretched over the whole photo. */
export interface TruthMask {
  readonly height: number;
  readonly width: number;
  /** `height` × `width` values, row by row: 1 where the object is, else 0. */
  readonly data: Uint8Array;
}

/** All that a photo shows of one class. */
export interface TruthObject {
  /** The class in the model's output, from 0; where it is left out the label says which, else it is the class explained. */
  readonly classIndex?: number | undefined;
  /** What the truth file calls it. */
  readonly label?: string | undefined;
  /** Where it is; one box for each of them. */
  readonly boxes: readonly TruthBox[];
  readonly mask?: TruthMask | undefined;
}

/** What is known to be on a photo. */
export interface PhotoTruth {
  /** The photo's file, as the truth file calls it. */
  readonly file: string;
  readonly objects: readonly TruthObject[];
}
