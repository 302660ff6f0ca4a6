/**
 * What an evaluation comes to: what `gradcam evaluate` writes as `evaluation.json`, and what its report is made of. All of it
 * can be written as JSON; the same photos, options and seed give the same bytes, for which reason times are left out unless
 * they are asked for.
 *
 * @module
 */

/** A metric that was measured. */
export interface MetricAbout {
  /** The name in options, such as `"deletion"`. */
  readonly name: string;
  /** The name in print. */
  readonly title: string;
  /** `"localisation"`, `"faithfulness"`, `"robustness"`, `"complexity"` or `"sanity"`. */
  readonly kind: string;
  /** Whether more is better, or less. */
  readonly better: "higher" | "lower";
  /** The least and the greatest that it can be; `null` where there is no bound. */
  readonly range: readonly [number | null, number | null];
  /** One line. */
  readonly description: string;
  /** Whether it needs to be known where the object is. */
  readonly needsTruth: boolean;
}

/** A method that was measured, or a control. */
export interface MethodAbout {
  /** The name in options, such as `"gradcam"`; of a control `"random"`, `"centre"` or `"edges"`. */
  readonly name: string;
  /** The name in print. */
  readonly title: string;
  /** Whether it is a control: a map that knows nothing of the model. */
  readonly control: boolean;
  /** How often the model is run, forwards or back, for a map, where that is known: the mean over the layers. */
  readonly passes?: number | undefined;
  /** How long a map takes, in milliseconds, where times were asked for. */
  readonly ms?: number | undefined;
}

/** A model that was evaluated. */
export interface ModelAbout {
  /** Its file's name, or what the embedded one is called. */
  readonly name: string;
  /** SHA-256 of its file, in hexadecimal, where there is one. */
  readonly hash: string | undefined;
}

/** What was evaluated, and how. */
export interface EvaluationAbout {
  /** The first model. */
  readonly model: string;
  /** SHA-256 of its file, in hexadecimal. */
  readonly modelHash: string | undefined;
  /** All models. */
  readonly models: readonly ModelAbout[];
  /** How many photos were gone through. */
  readonly photos: number;
  /** How many of them failed. */
  readonly failed: number;
  /** How many objects with a truth were found in them. */
  readonly objects: number;
  /** How many maps were measured. */
  readonly maps: number;
  /** Where random numbers begin. */
  readonly seed: number;
  /** How likely it is that an interval holds the true mean, as in 0.95. */
  readonly confidence: number;
  /** How many times the photos were drawn anew for the intervals. */
  readonly resamples: number;
  /** Of the package and of what computes. */
  readonly versions: Readonly<Record<string, string>>;
  /** The metrics. */
  readonly metrics: readonly MetricAbout[];
  /** Methods, then controls. */
  readonly methods: readonly MethodAbout[];
  /** The layers that maps were taken at, in all models. */
  readonly layers: readonly string[];
  /** The truth file's name and kind, where there is one. */
  readonly truth: { readonly name: string; readonly kind: string } | undefined;
  /** What the user should know, a sentence each. */
  readonly warnings: readonly string[];
}

/** A method (or control) at a layer of a model, by a metric. */
export interface EvaluationRow {
  /** The model's name. */
  readonly model: string;
  /** The method's name, or a control's. */
  readonly method: string;
  /** Empty for a control: it has none. */
  readonly layer: string;
  /** The metric's name. */
  readonly metric: string;
  /** The mean over photos; of several objects of a photo the mean counts. `undefined` where no map has a value. */
  readonly mean: number | undefined;
  /** Where the mean lies, by the bootstrap over photos; `undefined` where fewer than two photos have a value. */
  readonly interval: readonly [number, number] | undefined;
  /** How many photos have a value. */
  readonly count: number;
  /** How many maps have none, such as flat ones. */
  readonly missing: number;
  /** What a map gets that knows nothing, where that can be told from the truth alone. */
  readonly chance?: number | undefined;
  /** How long measuring took for a map, in milliseconds, where times were asked for. */
  readonly ms?: number | undefined;
}

/** Two methods by a metric, photo by photo: is the first better than the second? */
export interface EvaluationComparison {
  /** The model's name. */
  readonly model: string;
  /** The metric's name. */
  readonly metric: string;
  /** The method that is compared. */
  readonly first: string;
  /** What it is compared with. */
  readonly second: string;
  /** The layer of the first, and of the second where that is no control. */
  readonly layer: string;
  /** The mean over photos of the first's value minus the second's. */
  readonly difference: number;
  /** Where the mean lies. */
  readonly interval: readonly [number, number];
  /** Of a sign-flip permutation test, two-sided, corrected (Holm) for all comparisons by this metric. */
  readonly p: number;
  /** How many photos both have a value for. */
  readonly count: number;
}

/** The mean of a metric's curves over photos. */
export interface EvaluationCurve {
  /** The model's name. */
  readonly model: string;
  /** The method's name, or a control's. */
  readonly method: string;
  /** The layer's path; empty for a control. */
  readonly layer: string;
  /** The metric's name. */
  readonly metric: string;
  /** Of a metric with several, such as one for each baseline. */
  readonly name: string;
  /** Where, such as the part of the pixels that is deleted. */
  readonly x: readonly number[];
  /** The mean over photos. */
  readonly mean: readonly number[];
  /** Where the mean lies at each x. */
  readonly low: readonly number[];
  /** and to. */
  readonly high: readonly number[];
}

/** A map of a photo that stands for others: among the best or the worst of its method by the first metric. */
export interface PhotoExample {
  /** The model's name. */
  readonly model: string;
  /** The method's name, or a control's. */
  readonly method: string;
  /** The layer's path; empty for a control. */
  readonly layer: string;
  /** The metric's name. */
  readonly metric: string;
  /** Which photo, from 0, and its name. */
  readonly index: number;
  /** The photo's name. */
  readonly photo: string;
  /** The class, from 0. */
  readonly classIndex: number;
  /** Its name, where the labels are known. */
  readonly label: string | undefined;
  /** What the metric found. */
  readonly value: number;
}

/** The picture of an example: the photo with its map over it, small. */
export interface ExamplePicture {
  /** The model's name. */
  readonly model: string;
  /** The method's name, or a control's. */
  readonly method: string;
  /** The layer's path; empty for a control. */
  readonly layer: string;
  /** Which photo, from 0, and which class. */
  readonly index: number;
  /** The class, from 0. */
  readonly classIndex: number;
  /** A `data:` URL. */
  readonly url: string;
  /** Its height in pixels. */
  readonly height: number;
  /** Its width in pixels. */
  readonly width: number;
}

/** How a method at a layer stands among the others by the metrics that need no truth. */
export interface RankedChoice {
  /** The model's name. */
  readonly model: string;
  /** The method's name, or a control's. */
  readonly method: string;
  /** The layer's path; empty for a control. */
  readonly layer: string;
  /** The mean of its ranks by each metric, 1 the best, over photos. */
  readonly rank: number;
  /** How often it comes first when the photos are drawn anew, 0 to 1: how sure it is. */
  readonly first: number;
}

/** Which method and layer to take, as far as the photos tell. */
export interface Choice {
  /** The metrics that count, equally. */
  readonly metrics: readonly string[];
  /** The best first. */
  readonly ranks: readonly RankedChoice[];
}

/** What an evaluation comes to. */
export interface EvaluationSummary {
  /** What was evaluated, and how. */
  readonly about: EvaluationAbout;
  /** Each method and control, at each layer of each model, by each metric. */
  readonly rows: readonly EvaluationRow[];
  /** Paired comparisons. */
  readonly comparisons: readonly EvaluationComparison[];
  /** Mean curves. */
  readonly curves: readonly EvaluationCurve[];
  /** The best photos of each method by the first metric, */
  readonly best: readonly PhotoExample[];
  /** and the worst. */
  readonly worst: readonly PhotoExample[];
  /** Which method to take; where that was asked for. */
  readonly choice?: Choice | undefined;
  /** What may and what may not be concluded, in plain sentences. */
  readonly conclusions: readonly string[];
}
