import type { Heatmap } from "../base/heatmap.ts";
import type { Tensor4D, TensorFlow } from "../base/tensors.ts";
import type { RgbaImage } from "../input/image/types.ts";
import type { BatchMaker } from "../methods/probe.ts";
import type { Baseline } from "../methods/settings.ts";
import type { MetricSettings } from "./settings.ts";
import type { Truth } from "./truth.ts";

/** A map of the model when the weights of its last layers have been drawn anew. */
export interface RandomisedMap {
  /** The layer furthest from the output whose weights are new. */
  readonly layer: string;
  /** How many of those layers keep their weights, since TensorFlow.js executes them whole. */
  readonly kept: number;
  /** The raw map, as large as the model's input. */
  readonly map: Heatmap;
}

/**
 * What a metric can ask of one map of one photo: nothing is computed that no metric asks for. What it gives stays its own,
 * unless it says otherwise.
 */
export interface Subject {
  /** TensorFlow.js: what lists metrics is read before it is loaded, so that their modules do not import it. */
  readonly tf: TensorFlow;
  /** The map as the method gave it, on its own grid. */
  readonly raw: Heatmap;
  /** The map scaled to 0 … 1, as it is drawn, on its own grid. */
  readonly heatmap: Heatmap;
  /**
   * The map before it was scaled, with negative values cut off where the method does so, as large as the model's input
   * (resized bilinearly): one number a pixel, whatever the number of channels.
   */
  readonly pixels: Heatmap;
  /**
   * What speaks for the class, 0 … 1: {@linkcode Subject.pixels} with negative values cut off, scaled from its least to its
   * most; all 0 where nothing does.
   */
  readonly evidence: Heatmap;
  /** The class that is explained, from 0. */
  readonly classIndex: number;
  /** The class with the highest score. */
  topClass(): Promise<number>;
  /** How many classes there are. */
  classes(): Promise<number>;
  /** The model's input as the photo gives it, `[1, H, W, C]`. */
  picture(): Promise<Tensor4D>;
  /** What stands for nothing seen, likewise: black as the model sees it, the photo's mean colour, … */
  baseline(kind: Baseline): Promise<Tensor4D>;
  /** What the model sees, in 8 bits: as large as its input; `undefined` where a tensor was given. */
  image(): Promise<RgbaImage | undefined>;
  /**
   * A picture as the model's input.
   *
   * @param image As large as what `image()` gives.
   * @returns `[1, H, W, C]`; the caller disposes it.
   */
  fromImage(image: RgbaImage): Promise<Tensor4D>;
  /** The score that is explained for the photo as it is. */
  value(): Promise<number>;
  /**
   * The score that is explained for changed pictures, in batches that fit into memory.
   *
   * @param count How many.
   * @param make Makes some of them, `[to − from, H, W, C]`.
   * @returns `count` values.
   */
  values(count: number, make: BatchMaker): Promise<Float32Array>;
  /**
   * The raw map of another picture by the same method, layer and class, as large as the model's input.
   *
   * @param picture `[1, H, W, C]`; it stays the caller's.
   */
  mapOf(picture: Tensor4D): Promise<Heatmap>;
  /** Likewise of the same picture for another class. */
  mapOfClass(classIndex: number): Promise<Heatmap>;
  /**
   * Likewise of the same picture and class while more and more of the model's layers get new weights, from the last on.
   *
   * @param count In how many stages; in the last all have new ones.
   * @returns Stage by stage; none where the weights are not to be had.
   */
  randomised(count: number): Promise<readonly RandomisedMap[]>;
  /** Where the objects of the class are, where that is known. */
  readonly truth: Truth | undefined;
  /** What the metric was told, or its defaults. */
  readonly settings: MetricSettings;
  /**
   * A sequence of random numbers from 0 to below 1, the same for the same seed.
   *
   * @param name Tells sequences apart: the metric's own name, or what metrics share it for.
   */
  random(name: string): () => number;
  /**
   * What metrics of the same map share: made when first asked for.
   *
   * @param name Tells it from all else, what it depends on of the settings included.
   */
  once<Result>(name: string, make: () => Promise<Result>): Promise<Result>;
  /**
   * To be awaited between pieces of long work of the metric's own.
   *
   * @throws The signal's reason, once it is given.
   */
  pause(): Promise<void>;
}
