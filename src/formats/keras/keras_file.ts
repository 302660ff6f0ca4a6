/** An array of weights, as float32 whatever it is stored as. */
export interface KerasArray {
  /** The name in the file, for messages. */
  readonly name: string;
  readonly shape: readonly number[];
  /**
   * Read its numbers.
   *
   * @param target Where they are written to, as many as the shape says.
   * @throws {ModelError} If they are damaged.
   */
  readInto(target: Float32Array): void;
}

/** A layer that has weights, and what Keras lists of it. */
export interface WeightedLayer {
  /** Names from the outermost model's layer down to the layer, such as `["backbone", "conv"]`. */
  readonly path: readonly string[];
  /** How many of its weights are trained by gradients: these come first. */
  readonly trainable: number;
  /** How many are not, such as the moving means of a batch norm. */
  readonly fixed: number;
  /** What its weights are called, in their order: `kernel`, `bias`. */
  readonly names?: readonly string[];
}

/** The weights in a file, by layer. */
export interface KerasWeights {
  /**
   * The arrays of each layer, in the order in which Keras lists them; they are read when they are asked for.
   *
   * @param layers All layers with weights, in the order of the model, those of a nested model in its place.
   * @returns What reads a layer's arrays, for every layer; `undefined` where the file holds none.
   * @throws {ModelError} If it cannot be told whose they are.
   */
  assign(layers: readonly WeightedLayer[]): readonly (() => readonly KerasArray[] | undefined)[];
}

/** What a Keras file holds, whatever its container. */
export interface KerasFile {
  /** What to call it in messages. */
  readonly name: string;
  /** The container. */
  readonly format: "keras-h5" | "keras-json" | "keras-zip" | "tfjs-layers";
  /** The version of Keras that wrote it, where it says so. */
  readonly kerasVersion: string | undefined;
  /** What wrote it, where that is another program than Keras. */
  readonly writer?: string | undefined;
  /** The architecture: `{ class_name, config }`. */
  readonly config: unknown;
  /** How many numbers its weights can be, however they are packed. */
  readonly maxParameters: number;
  /** The weights. */
  readonly weights: KerasWeights;
}
