/** How a model was trained to see pixels: `(v − mean[c]) / std[c]` for v in 0 … 255. */
export interface Preprocessing {
  /** What to call it, such as `"tf"`. */
  readonly name: string;
  /** Subtracted, one value a channel or one for all, on the scale of 0 to 255, in the order of `channels`. */
  readonly mean: readonly number[];
  /** Divided by, likewise. */
  readonly std: readonly number[];
  /**
   * The order of the channels that the model expects.
   * @default {"rgb"}
   */
  readonly channels?: "rgb" | "bgr";
}
