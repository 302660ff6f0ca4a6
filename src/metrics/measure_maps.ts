import type * as tf from "../base/tfjs.ts";
import type { Heatmap } from "../base/heatmap.ts";
import { scalingOf } from "../explain/map_scale.ts";
import { planMethod, type PlannedMethod } from "../explain/method_map.ts";
import type { Question } from "../explain/question.ts";
import { randomNumbers } from "../explain/random.ts";
import type { OriginalPhoto } from "../input/plan.ts";
import type { CamMethod } from "../methods/mod.ts";
import type { SplitModel } from "../split/model.ts";
import type { Target } from "../targets/target.ts";
import { truthOfClass } from "./class_truth.ts";
import type { Control } from "./controls/mod.ts";
import { MapSubject } from "./map_subject.ts";
import { controlMapper, type Looking, type Mapper, methodMapper } from "./mapper.ts";
import type { MeasuredMap, MeasuredNumber } from "./measured_map.ts";
import type { Measurement } from "./metric.ts";
import type { Metric } from "./mod.ts";
import type { MetricSettings } from "./settings.ts";
import type { PhotoTruth, Truth, TruthBox } from "./truth.ts";
import { shareOf } from "./truth_pixels.ts";

/** What is measured, and by what. */
export interface MeasurePlan {
  readonly methods: readonly CamMethod[];
  readonly controls: readonly Control[];
  readonly metrics: readonly Metric[];
  readonly settings: MetricSettings;
  readonly truth: PhotoTruth | undefined;
  /** The photo's size, and what of it the model sees; `undefined` for a tensor. */
  readonly original: OriginalPhoto | undefined;
  /** What the model makes of what the photo is compared with. */
  readonly like: Float32Array | undefined;
}

/** What all maps of a target have in common. */
interface Asked {
  readonly target: Target;
  readonly question: Question;
  readonly truth: Truth | undefined;
  readonly chance: number | undefined;
  readonly seen: TruthBox;
  readonly scores: Float32Array;
}

/** A map to be measured. */
interface Measured extends Pick<MeasuredMap, "method" | "layer"> {
  readonly mapper: Mapper;
  /** How its values are scaled, and whether those below zero are cut off. */
  scalingOf(raw: Heatmap): ReturnType<typeof scalingOf>;
  /** What a map costs, in passes. */
  readonly work: number;
}

/** A setting that a metric takes has what it was told, else its default. */
function settingsFor({ settings = {} }: Metric, told: MetricSettings): MetricSettings {
  const own = Object.entries(told).filter(([name, value]) =>
    value !== undefined && (name === "seed" || Object.hasOwn(settings, name))
  );
  return { ...settings, ...Object.fromEntries(own) };
}

/** What no metric makes anything of. */
function whyNot({ data }: Heatmap): string | undefined {
  if (!data.every(Number.isFinite)) return "The map has values that are no numbers";
  const [first] = data;
  return data.every((value) => value === first)
    ? "The map is flat: it is the same everywhere, and says nothing of any pixel"
    : undefined;
}

/** Measure a map by all metrics. */
async function measureMap(
  looking: Looking,
  { metrics, settings: told }: MeasurePlan,
  measured: Measured,
  { target, question, truth, chance, seen, scores }: Asked,
): Promise<MeasuredMap> {
  const { progress, request: { labels }, x } = looking;
  const { method, layer, mapper, work } = measured;
  const start = performance.now();
  let done = progress.done;
  const raw = await mapper.map();
  progress.reach(done += work);
  const { classIndex } = target;
  const subject = new MapSubject({
    looking,
    question,
    classIndex,
    mapper,
    raw,
    ...measured.scalingOf(raw),
    truth,
    scores,
  });
  const ms = performance.now() - start;
  const why = whyNot(subject.pixels);
  const measurements: MeasuredNumber[] = [];
  for (const metric of metrics) {
    const from = performance.now();
    const settings = settingsFor(metric, told);
    const measurement: Measurement = why === undefined
      ? await metric.measure(subject.toldOf(settings))
      : { value: undefined, why };
    measurements.push({ metric: metric.name, measurement, ms: performance.now() - from });
    progress.reach(done += workOf(metric, { settings, x, work }));
    await looking.turns.next();
  }
  return {
    method,
    layer,
    classIndex,
    label: labels?.[classIndex],
    score: scores[classIndex]!,
    heatmap: subject.heatmap,
    ms,
    chance,
    seen,
    measurements,
  };
}

/** What of a photo the model sees, in fractions of it. */
function seenOf({ placement, height, width }: OriginalPhoto): TruthBox {
  return {
    x: placement.x / width,
    y: placement.y / height,
    width: placement.width / width,
    height: placement.height / height,
  };
}

/** How many passes a metric takes for a map. */
function workOf(
  metric: Metric,
  { settings, x, work }: { settings: MetricSettings; x: tf.Tensor4D; work: number },
): number {
  const { runs = 0, maps = 0 } = metric.cost({ picture: x.shape, settings });
  return runs + maps * work;
}

/** Methods at layers. */
function methodMaps(
  looking: Looking,
  planned: readonly PlannedMethod[],
  { target, question }: Asked,
): Measured[] {
  const { request, subject } = looking;
  const splits: readonly SplitModel[] = [request.split, ...request.moreSplits];
  return planned.flatMap((one) =>
    splits.slice(0, one.layers).map((split, layer): Measured => ({
      method: one.method.name,
      layer: one.asksLayer
        ? split.layer
        : one.method.at === "tokens"
        ? "attention"
        : subject.picture.split.layer,
      mapper: methodMapper(looking, { planned: one, layer, target, question }),
      scalingOf: ({ data }) => scalingOf(one.method, request, [data]),
      work: one.work / one.layers,
    }))
  );
}

/** Controls. */
function controlMaps(looking: Looking, controls: readonly Control[], seed: number): Measured[] {
  return controls.map((control) => ({
    method: control.name,
    layer: "",
    mapper: controlMapper(
      looking,
      (picture) => control.map({ picture, random: () => randomNumbers(seed, `control ${control.name}`) }),
    ),
    scalingOf: () => ({ scale: "range", relu: false }),
    work: 0,
  }));
}

/** The model's own output for all classes. */
async function outputOf({ split }: Looking["request"], scores: tf.Tensor2D): Promise<Float32Array> {
  const output = split.finish(scores);
  try {
    return await output.data() as Float32Array;
  } finally {
    output.dispose();
  }
}

/**
 * Measure the maps of all targets: by each method at each layer, then by each control.
 *
 * @param looking The photo and the model.
 * @param plan What is measured, and by what.
 */
export async function measureMaps(looking: Looking, plan: MeasurePlan): Promise<MeasuredMap[]> {
  const { request, subject, progress, x } = looking;
  const planned = plan.methods.map((method) => planMethod(method, request.settings, subject));
  const tail = await subject.scores(planned.some(({ goesBack }) => goesBack));
  const scores = await outputOf(request, tail);
  const targets = request.targets({
    output: scores,
    scores: await tail.data() as Float32Array,
    like: plan.like,
  });
  const [, height, width] = x.shape;
  const original = plan.original ?? { height, width, placement: { x: 0, y: 0, height, width } };
  const measured: MeasuredMap[] = [];
  for (const target of targets) {
    const { classIndex } = target;
    const named = { classIndex, label: request.labels?.[classIndex] };
    const truth = plan.truth && truthOfClass(plan.truth, named, original);
    const question = subject.about(target);
    const chance = truth && shareOf(truth, { height, width });
    const asked: Asked = { target, question, truth, chance, seen: seenOf(original), scores };
    try {
      const maps = [
        ...methodMaps(looking, planned, asked),
        ...controlMaps(looking, plan.controls, plan.settings.seed ?? 0),
      ];
      if (target === targets[0]) progress.expect(workOfAll(maps, plan, x) * targets.length);
      for (const map of maps) measured.push(await measureMap(looking, plan, map, asked));
    } finally {
      await question.dispose();
    }
  }
  return measured;
}

/** How many passes all maps of a target take. */
function workOfAll(
  maps: readonly Measured[],
  { metrics, settings: told }: MeasurePlan,
  x: tf.Tensor4D,
): number {
  return maps.reduce(
    (sum, { work }) =>
      sum + work +
      metrics.reduce(
        (part, metric) => part + workOf(metric, { settings: settingsFor(metric, told), x, work }),
        0,
      ),
    0,
  );
}
