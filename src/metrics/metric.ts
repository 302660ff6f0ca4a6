import type { MetricSettings } from "./settings.ts";
import type { Subject } from "./subject.ts";

/** What a metric is about: where the map lies, whether the model follows it, and so on. */
export type MetricKind = "localisation" | "faithfulness" | "robustness" | "complexity" | "sanity";

/** A line of a metric, such as the score while pixels are deleted: y over x, x ascending. */
export interface Curve {
  /** What it shows, such as `"deletion"`. */
  readonly name: string;
  /** Where, such as the part of the pixels that is deleted. */
  readonly x: readonly number[];
  /** What is there, such as the score. */
  readonly y: readonly number[];
}

/** What a metric found for one map. */
export interface Measurement {
  /** The number; `undefined` where it has none for this map, `why` then says so. */
  readonly value: number | undefined;
  /** Why there is no number, or what to know of it. */
  readonly why?: string | undefined;
  /** Its lines, where it has some. */
  readonly curves?: readonly Curve[] | undefined;
}

/** What a metric's cost depends on. */
export interface MetricScope {
  /** The shape of the model's input, `[1, H, W, C]`. */
  readonly picture: readonly [number, number, number, number];
  /** What the metric is told. */
  readonly settings: MetricSettings;
}

/** What a metric will compute for one map; 0 where left out. */
export interface MetricCost {
  /** How often the model is run from a changed photo to the scores. */
  readonly runs?: number | undefined;
  /** How many maps are made anew, each of which costs what its method costs. */
  readonly maps?: number | undefined;
}

/** A way to tell how good a map is. */
export interface NamedMetric<Name extends string> {
  /** The name in options, such as `"pointinggame"`. */
  readonly name: Name;
  /** The name in print, such as `"Pointing game"`. */
  readonly title: string;
  /** One line for the help text. */
  readonly description: string;
  /** What it is about. */
  readonly kind: MetricKind;
  /** Which of two maps is the better one. */
  readonly better: "higher" | "lower";
  /** The least and the greatest that it can be, of a score from 0 to 1. */
  readonly range: readonly [number, number];
  /** What it needs: the map alone, a truth, runs of the model, or maps of changed photos, classes or models. */
  readonly needs: "map" | "truth" | "model" | "maps";
  /** Its settings, and what they are where the user says nothing; it takes no others. */
  readonly settings?: MetricSettings | undefined;
  /** What it will compute. */
  cost(scope: MetricScope): MetricCost;
  /** The number for a map. What it makes, it disposes. */
  measure(subject: Subject): Promise<Measurement>;
}
