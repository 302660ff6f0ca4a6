/** An array of weights, as float32 whatever it is stored as. */
export interface KerasArray {
  /** The name in the file, for messages. */
  readonly name: string;
  readonly shape: readonly number[];
  readonly data: Float32Array;
}

/** The weights in a file, by layer. */
export interface KerasWeights {
  /**
   * The arrays of a layer, in the order in which Keras lists them.
   *
   * @param path Names from the outermost model's layer down to the layer, such as `["backbone", "conv"]`.
   * @returns `undefined` if the file holds none for it.
   */
  of(path: readonly string[]): readonly KerasArray[] | undefined;
}

/** What a Keras file holds, whatever its container. */
export interface KerasFile {
  /** What to call it in messages. */
  readonly name: string;
  /** The container. */
  readonly format: "keras-h5" | "keras-zip" | "tfjs-layers";
  /** The version of Keras that wrote it, where it says so. */
  readonly kerasVersion: string | undefined;
  /** What wrote it, where that is another program than Keras. */
  readonly writer?: string | undefined;
  /** The architecture: `{ class_name, config }`. */
  readonly config: unknown;
  /** The weights. */
  readonly weights: KerasWeights;
}
