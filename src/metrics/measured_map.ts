import type { Heatmap } from "../base/heatmap.ts";
import type { MethodName } from "../methods/mod.ts";
import type { ControlName } from "./controls/mod.ts";
import type { Measurement } from "./metric.ts";
import type { MetricName } from "./mod.ts";
import type { TruthBox } from "./truth.ts";

/** A number of a map, and how long it took. */
export interface MeasuredNumber {
  /** The metric's name. */
  readonly metric: MetricName;
  /** What it found. */
  readonly measurement: Measurement;
  /** In milliseconds, beyond what others had computed. */
  readonly ms: number;
}

/** A map, and how good it is. */
export interface MeasuredMap {
  /** The method's name, or a control's: `"random"`, `"centre"`, `"edges"`. */
  readonly method: MethodName | ControlName;
  /** The layer's path; that of the model's input for methods that look at the pixels alone; `""` for controls. */
  readonly layer: string;
  /** The class, from 0. */
  readonly classIndex: number;
  /** Its name, where the labels are known. */
  readonly label: string | undefined;
  /** Its score: the model's own output. */
  readonly score: number;
  /** The map, 0 to 1. */
  readonly heatmap: Heatmap;
  /** How long the map took, in milliseconds, beyond what others had computed. */
  readonly ms: number;
  /**
   * How much of what the model sees the object covers, 0 to 1, where there is a truth: what a random place hits by chance.
   */
  readonly chance: number | undefined;
  /** What of the photo the model sees, in fractions of it; beyond 0 … 1 where there is a border. */
  readonly seen?: TruthBox | undefined;
  /** Metric by metric. */
  readonly measurements: readonly MeasuredNumber[];
}
