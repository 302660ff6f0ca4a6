import type { Heatmap } from "../base/heatmap.ts";
import type { MapScale } from "../base/scaling.ts";
import type { Tensor2D, Tensor3D } from "../base/tensors.ts";
import type { Probe } from "./probe.ts";
import type { MethodSettings } from "./settings.ts";

/** A class, and the score that a concept gives it. */
export interface ConceptScore {
  /** The index in the model's output, from 0. */
  readonly classIndex: number;
  /** The score that is explained, of the concept alone. */
  readonly score: number;
}

/** One of the maps that an activation was taken apart into. */
export interface MapComponent {
  /** Where its concept is in the photo, before it is scaled. */
  readonly map: Heatmap;
  /** The classes that the concept speaks for, best first. */
  readonly classes: readonly ConceptScore[];
}

/** What a method found. */
export interface MethodResult {
  /**
   * The raw map `[h, w]`, or the part of each channel in it, `[h, w, k]`, whose sum over the channels is the raw map. It
   * becomes the pipeline's.
   */
  readonly map: Tensor2D | Tensor3D;
  /** The maps that the layer's activation was taken apart into, where the method does so. */
  readonly components?: readonly MapComponent[] | undefined;
  /** Numbers that tell how good it is, by name. */
  readonly details?: Readonly<Record<string, number>> | undefined;
  /** What the user should know. */
  readonly warnings?: readonly string[] | undefined;
}

/** What a method's cost depends on. */
export interface MethodScope {
  /** The shape of the layer's output, `[1, h, w, k]`. */
  readonly layer: readonly [number, number, number, number];
  /** The shape of the model's input, `[1, H, W, C]`. */
  readonly picture: readonly [number, number, number, number];
  /** As `Probe.stages` gives them. */
  readonly stages?: readonly string[] | undefined;
  /** How many blocks of attention a transformer has, where the model is one. */
  readonly blocks?: number | undefined;
  /** What the method is told. */
  readonly settings: MethodSettings;
}

/**
 * What a method will compute, besides the model's run to the layer: how often the model is run again, and how often it is
 * run and gone back, from the layer or from the picture. 0 where left out.
 */
export interface MethodCost {
  /** From changed activations of the layer to the scores. */
  readonly layerRuns?: number | undefined;
  /** From the layer to the scores and back. */
  readonly layerGradients?: number | undefined;
  /** From changed photos to the scores. */
  readonly pictureRuns?: number | undefined;
  /** From photos to the scores and back. */
  readonly pictureGradients?: number | undefined;
}

/** A way to show where in a picture a model looked. */
export interface NamedMethod<Name extends string> {
  /** The name in options, such as `"gradcam"`. */
  readonly name: Name;
  /** The name in print, such as `"Grad-CAM"`. */
  readonly title: string;
  /** One line for the help text. */
  readonly description: string;
  /**
   * Where its map lies: on the layer's grid, on the pixels of the model's input, or on the grid of a transformer's tokens,
   * whichever layer is asked for: such a method is for models with attention alone.
   */
  readonly at: "layer" | "picture" | "tokens";
  /**
   * Whether its map is what activation and gradient sum to at each place. In front of a norm, which takes an activation's
   * length out, that is nothing, so that where no layer is named a transformer is explained behind its last block's norm.
   * @default {false}
   */
  readonly sumsAtPlaces?: boolean | undefined;
  /** Whether values below zero are cut off before the map is scaled, unless the user says otherwise. */
  readonly relu: boolean;
  /**
   * How its maps are scaled, unless the user says otherwise.
   * @default {"symmetric" where values below zero are kept and the map has some of both signs, else "range"}
   */
  readonly scale?: MapScale | undefined;
  /**
   * How its maps of several layers, after relu, become one.
   * @default {the mean of the scaled maps}
   */
  readonly fuse?: ((maps: readonly Heatmap[]) => Heatmap) | undefined;
  /** Its settings, and what they are where the user says nothing; it takes no others. */
  readonly settings?: MethodSettings | undefined;
  /** What it will compute. */
  cost(scope: MethodScope): MethodCost;
  /** The map of the probe's target. What it makes besides, it disposes. */
  map(probe: Probe): Promise<MethodResult>;
}
