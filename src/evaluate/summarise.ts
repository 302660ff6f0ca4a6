import { checkOptionTypes, flagRule, numberRule, objectRule, type OptionRules } from "../base/options.ts";
import { controls } from "../metrics/controls/mod.ts";
import { metrics as allMetrics } from "../metrics/mod.ts";
import { methods as allMethods } from "../methods/mod.ts";
import { chooseMethod } from "./choose.ts";
import { compareMethods } from "./compare.ts";
import { concludeFrom } from "./conclusions.ts";
import { meanCurves } from "./curves.ts";
import type { EvaluatedPhoto } from "./evaluated.ts";
import type { EvaluationPlan } from "./evaluate_options.ts";
import { findExamples } from "./examples.ts";
import { metricNamesOf, PhotoValues, type Place, placesOf } from "./photo_values.ts";
import { intervalOf, meanOf } from "./statistics/bootstrap.ts";
import { Draws } from "./statistics/draws.ts";
import { rounded, roundedPair } from "./rounded.ts";
import type {
  EvaluationAbout,
  EvaluationRow,
  EvaluationSummary,
  MethodAbout,
  MetricAbout,
} from "./summary.ts";
import { truthWarnings } from "./truth_warnings.ts";

/** Options of {@linkcode summarise}. */
export interface SummariseOptions {
  /** What `evaluate` told before the first photo: the models, the truth, the seed. */
  readonly plan?: EvaluationPlan | undefined;
  /**
   * How likely an interval holds the true mean.
   * @default {0.95}
   */
  readonly confidence?: number | undefined;
  /**
   * How many times the photos are drawn anew for intervals.
   * @default {2000}
   */
  readonly resamples?: number | undefined;
  /**
   * Whether methods are ranked by the metrics that need no truth.
   * @default {false}
   */
  readonly choose?: boolean | undefined;
  /**
   * Whether times are told, which are never the same twice.
   * @default {false}
   */
  readonly times?: boolean | undefined;
}

/** What each of them can be. */
export const summariseRules: OptionRules<SummariseOptions> = {
  plan: objectRule("what onBegin was told", "models"),
  confidence: numberRule("a number between 0 and 1"),
  resamples: numberRule("how many times"),
  choose: flagRule,
  times: flagRule,
};

/** What of several metrics counts as bounded. */
function bound(value: number): number | null {
  return Number.isFinite(value) ? value : null;
}

function aboutMetric(name: string): MetricAbout {
  const { title, kind, better, range, description, needs } = allMetrics.find((metric) =>
    metric.name === name
  )!;
  return {
    name,
    title,
    kind,
    better,
    range: [bound(range[0]), bound(range[1])],
    description,
    needsTruth: needs === "truth",
  };
}

/** The mean time of a map of a method, over its places. */
function timeOf(method: string, places: readonly Place[], values: PhotoValues): number | undefined {
  const times = places.filter((place) => place.method === method).flatMap((place) =>
    values.mapsOf(place).flatMap(({ maps }) => maps.flatMap(({ ms }) => ms ?? []))
  );
  return times.length === 0 ? undefined : rounded(meanOf(times));
}

function aboutMethods(
  places: readonly Place[],
  values: PhotoValues,
  { plan, times = false }: SummariseOptions,
): MethodAbout[] {
  const names = [...new Set(places.map(({ method }) => method))];
  return names.map((name) => {
    const control = controls.find((control) => control.name === name);
    const title = control?.title ?? allMethods.find((method) => method.name === name)?.title ?? name;
    const passes = plan?.passes.find(({ method }) => method === name)?.passes;
    const ms = times ? timeOf(name, places, values) : undefined;
    return {
      name,
      title,
      control: control !== undefined,
      ...passes !== undefined && { passes },
      ...ms !== undefined && { ms },
    };
  });
}

function about(
  photos: readonly EvaluatedPhoto[],
  places: readonly Place[],
  values: PhotoValues,
  options: SummariseOptions & { readonly confidence: number; readonly resamples: number },
): EvaluationAbout {
  const { plan, confidence, resamples } = options;
  const models = plan?.models ??
    [...new Set(places.map(({ model }) => model))].map((name) => ({ name, hash: undefined }));
  return {
    model: models[0]?.name ?? "",
    modelHash: models[0]?.hash,
    models,
    photos: photos.length,
    failed: photos.filter(({ error }) => error).length,
    objects: photos.reduce((sum, { truth }) => sum + (truth?.objects ?? 0), 0),
    maps: photos.reduce((sum, { maps }) => sum + maps.length, 0),
    seed: plan?.seed ?? 0,
    confidence,
    resamples,
    versions: plan?.versions ?? {},
    metrics: metricNamesOf(photos).map(aboutMetric),
    methods: aboutMethods(places, values, options),
    layers: [...new Set(places.map(({ layer }) => layer).filter((layer) => layer !== ""))],
    truth: plan?.truth && { name: plan.truth.name, kind: plan.truth.kind },
    warnings: truthWarnings(photos, plan),
  };
}

/** Whether a place hits by chance as often as the object is large: of such metrics chance is the object's share. */
const hitMetrics = ["pointinggame", "energypointinggame", "relevancemass", "relevancerank"];

function rowOf(
  place: Place,
  metric: string,
  values: PhotoValues,
  { draws, confidence, times }: {
    readonly draws: Draws;
    readonly confidence: number;
    readonly times: boolean;
  },
): EvaluationRow {
  const found = values.of(place, metric);
  const numbers = found.values.map(({ value }) => value);
  const chance = hitMetrics.includes(metric) ? found.chance : undefined;
  return {
    ...place,
    metric,
    mean: numbers.length === 0 ? undefined : rounded(meanOf(numbers)),
    interval: roundedPair(intervalOf(numbers, draws, confidence)),
    count: numbers.length,
    missing: found.missing,
    ...chance !== undefined && { chance: rounded(chance) },
    ...times && found.ms !== undefined && { ms: rounded(found.ms) },
  };
}

function checkNumbers({ confidence = 0.95, resamples = 2000 }: SummariseOptions): void {
  if (!(confidence > 0 && confidence < 1)) {
    throw new RangeError(`Cannot use confidence ${confidence}: use a number between 0 and 1`);
  }
  if (!Number.isInteger(resamples) || resamples < 1 || resamples > 100_000) {
    throw new RangeError(`Cannot draw photos ${resamples} times: use 1 to 100000`);
  }
}

/**
 * What an evaluation comes to: means over photos with bootstrap intervals, paired comparisons of methods with each other and
 * with controls, mean curves, the best and the worst photos, and what may and may not be concluded. A photo with several
 * objects counts once.
 *
 * @param photos What `evaluate` gave, in any order.
 * @param options What it told before, how sure intervals are, and whether methods are ranked.
 * @throws {RangeError} If an option is out of range.
 * @throws {TypeError} If one is unknown or of a wrong type.
 */
export function summarise(
  photos: Iterable<EvaluatedPhoto>,
  options: SummariseOptions = {},
): EvaluationSummary {
  checkOptionTypes("summarise()", options, summariseRules);
  checkNumbers(options);
  const { plan, confidence = 0.95, resamples = 2000, choose = false, times = false } = options;
  const all = [...photos].sort((a, b) => a.index - b.index);
  const places = placesOf(all);
  const values = new PhotoValues(all);
  const draws = new Draws(plan?.seed ?? 0, resamples);
  const told = about(all, places, values, { ...options, confidence, resamples });
  const rows = places.flatMap((place) =>
    told.metrics.map(({ name }) => rowOf(place, name, values, { draws, confidence, times }))
  );
  const comparisons = compareMethods(places, values, { about: told, draws, confidence });
  const choice = choose ? chooseMethod(places, values, { about: told, draws }) : undefined;
  const { best, worst } = findExamples(places, values, { about: told, photos: all });
  const summary = {
    about: told,
    rows,
    comparisons,
    curves: meanCurves(places, values, { about: told, confidence }),
    best,
    worst,
    ...choice && { choice },
  };
  return { ...summary, conclusions: concludeFrom(summary) };
}
