import type { BackendInfo } from "../../backends/backend.ts";
import type { Heatmap } from "../base/heatmap.ts";
import type { MapScale } from "../base/scaling.ts";
import type { PixelChoice } from "../input/evidence.ts";
import type { OriginalPhoto } from "../input/plan.ts";
import type { Placement, RgbaImage } from "../input/image/types.ts";
import type { ScoreKind, UnitReading } from "../split/model.ts";
import type { ClassScore } from "./classes.ts";
import type { Diagnosis } from "./diagnosis.ts";

/** One of the maps that the layer's activation was taken apart into. */
export interface ComponentMap {
  /** Where its concept is in the photo, 0 to 1. */
  readonly heatmap: Heatmap;
  /** The map before it was scaled. */
  readonly raw: Heatmap;
  /** The classes that the concept speaks for, best first; the score is the one that is explained, of the concept alone. */
  readonly classes: readonly ClassScore[];
}

/** The map of one class. */
export interface ClassMap extends ClassScore {
  /** The method's name. */
  readonly method: string;
  /** What was explained, in words, where it is more than the class's score. */
  readonly target?: string | undefined;
  /** The number that was explained, where it is no class's score. */
  readonly value?: number | undefined;
  /** Whether values below zero were cut off before it was scaled. */
  readonly relu: boolean;
  /**
   * How it was scaled to 0 … 1: `"range"` from its least to its most value, `"maximum"` from zero to its most, or
   * `"symmetric"` with zero at 0.5.
   */
  readonly scale: MapScale;
  /** Numbers that tell how good it is, by name, where the method gives some. */
  readonly details?: Readonly<Record<string, number>> | undefined;
  /** The maps that the layer's activation was taken apart into, where the method does so. */
  readonly components?: readonly ComponentMap[] | undefined;
  /** Where the network looked, 0 to 1. */
  readonly heatmap: Heatmap;
  /**
   * The map before it was scaled to 0 … 1, so that maps can be compared with each other; of several layers their maps,
   * scaled and fused.
   */
  readonly raw: Heatmap;
  /** Whether the map means anything, and why not. */
  readonly diagnosis: Diagnosis;
  /** What to do about it; empty if all is well. */
  readonly advice: string;
}

/** Everything there is to say about one explained picture. */
export interface ExplanationRecord {
  /** The maps, one a class, in the order asked for. */
  readonly maps: readonly ClassMap[];
  /** The classes with the highest scores, best first. */
  readonly scores: readonly ClassScore[];
  /** The name of the photo's file, without the folders that lead there; `undefined` for bytes, pixels and tensors. */
  readonly photoName?: string | undefined;
  /** The name of the model's file or folder, likewise; `undefined` for bytes, and for a model that the caller holds. */
  readonly modelName?: string | undefined;
  /** The method's name. */
  readonly method: string;
  /** The full path of the layer that the maps are of; of several, joined by `" + "`. */
  readonly layer: string;
  /** The name of the model's output that the scores are of. */
  readonly output?: string | undefined;
  /**
   * What the output says where it is one unit: the probability `"sigmoid"` or the `"logit"` of two classes, class 0 its own
   * and class 1 the opposite, or a `"regression"`.
   */
  readonly unit?: UnitReading | undefined;
  /**
   * Whether scores are probabilities, 0 to 1: behind a softmax or a sigmoid, or in any other way parts that add up to 1.
   * @default {false}
   */
  readonly probabilities?: boolean;
  /** Which score the gradient was taken of. */
  readonly scoreKind: ScoreKind;
  /** Whether values below zero were cut off before maps were scaled. */
  readonly relu?: boolean;
  /** The backend that computed. */
  readonly backend: BackendInfo;
  /** Versions of what took part, by name. */
  readonly versions: Readonly<Record<string, string>>;
  /**
   * How long each part took, in milliseconds: decode, prepare, forward, backward, total; and each method, by its name, beyond
   * what others had computed, which is part of backward.
   */
  readonly times: Readonly<Record<string, number>>;
  /** What the user should know. */
  readonly warnings: readonly string[];
  /** How the photo's pixels were scaled, and what showed that this is the model's way. */
  readonly pixels?: PixelChoice | undefined;
  /** The photo, upright and opaque, unless a tensor was explained; reduced where the option `keptPhotoSide` says so. */
  readonly photo: RgbaImage | undefined;
  /** Where on that photo the model looked. */
  readonly placement: Placement | undefined;
  /** The photo's own size, and where on it the model looked, in its own pixels. */
  readonly original?: OriginalPhoto | undefined;
}
