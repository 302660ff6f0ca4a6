import type { ClassMap } from "../../explain/record.ts";
import type { ImageInput } from "../../input/image_input.ts";
import { measure } from "../../metrics/measure.ts";
import type { MeasureOptions } from "../../metrics/measure_options.ts";
import type { MeasuredMap } from "../../metrics/measured_map.ts";
import type { Curve, Measurement } from "../../metrics/metric.ts";
import { findMetric, findMetrics, type MetricName } from "../../metrics/mod.ts";
import type { MetricSettings } from "../../metrics/settings.ts";
import type { ExplainableModel } from "../../split/model.ts";
import type { Compared, Single, TrustEvidence } from "./evidence.ts";

/** What is tried with the map alone, and what with random maps too. */
const compared = ["deletion", "insertion"] as const;
const alone = ["shiftstability", "jpegstability", "modelrandomisation"] as const;

/** How many random maps there are: a single one may have luck. */
const randomMaps = 3;

/**
 * In how many steps pixels are hidden or shown, and by what: black would hide a place by an edge of its own, which speaks
 * against the class wherever it lies.
 */
const usual = { steps: 25, baseline: "blur" } as const;

/**
 * Make sure that settings are for what is tried.
 *
 * @throws {RangeError} If there is no such setting, it is out of range, or it is for other metrics.
 */
export function checkEvidenceSettings(settings: MetricSettings): void {
  findMetrics([...compared, ...alone], settings);
}

/** Those settings that are for some metrics. */
function settingsFor(names: readonly MetricName[], settings: MetricSettings): MetricSettings {
  const taken = new Set(names.flatMap((name) => Object.keys(findMetric(name).settings ?? {})));
  return Object.fromEntries(Object.entries(settings).filter(([name]) => taken.has(name)));
}

function measurementOf(map: MeasuredMap | undefined, name: MetricName): Measurement {
  return map?.measurements.find(({ metric }) => metric === name)?.measurement ?? { value: undefined };
}

function mean(values: readonly number[]): number {
  return values.reduce((sum, value) => sum + value, 0) / values.length;
}

/** Several curves over the same x as one. */
function meanCurve(curves: readonly Curve[]): Curve | undefined {
  const [first] = curves;
  return first && { ...first, y: first.y.map((_, at) => mean(curves.map(({ y }) => y[at]!))) };
}

/** A number of the map, and the mean of those of the random ones. */
function compare(
  own: MeasuredMap,
  randoms: readonly MeasuredMap[],
  name: "deletion" | "insertion",
): Compared {
  const { value, why, curves: [curve] = [] } = measurementOf(own, name);
  const measured = randoms.map((map) => measurementOf(map, name));
  const values = measured.flatMap(({ value }) => value ?? []);
  const randomCurve = meanCurve(measured.flatMap(({ curves = [] }) => curves.slice(0, 1)));
  return {
    value,
    why,
    random: values.length > 0 ? mean(values) : undefined,
    whole: name === "deletion" ? curve?.y[0] : curve?.y.at(-1),
    curve,
    randomCurve,
  };
}

function single(own: MeasuredMap, name: MetricName): Single {
  const { value, why, curves } = measurementOf(own, name);
  return { value, why, curve: curves?.[0] };
}

/** What evidence is measured with. */
export interface EvidenceOptions
  extends Omit<MeasureOptions, "methods" | "layers" | "metrics" | "controls" | "truth"> {
  readonly seed: number;
}

/**
 * Try a map that was made: what happens when what it marks is hidden or shown, beside random maps; when the photo is shifted or
 * compressed; when the model's weights are drawn anew.
 *
 * @param model The model that it is of.
 * @param image The photo.
 * @param map The map; the layer that it was taken at, where one was asked for; and what else was asked for.
 */
export async function measureEvidence(
  model: ExplainableModel,
  image: ImageInput,
  { map, layer, options }: {
    readonly map: Pick<ClassMap, "method" | "diagnosis" | "advice">;
    readonly layer: string | undefined;
    readonly options: EvidenceOptions;
  },
): Promise<TrustEvidence> {
  const method = map.method as NonNullable<MeasureOptions["methods"]>[number];
  const metricSettings = { ...usual, ...options.metricSettings };
  const common = { ...options, ...(layer !== undefined && { layers: [layer] }) };
  const [own] = await measure(model, image, {
    ...common,
    methods: [method],
    metrics: [...compared, ...alone],
    metricSettings,
  });
  const randoms: MeasuredMap[] = [];
  for (let at = 0; at < randomMaps; at++) {
    const seed = (options.seed + at) % 2 ** 32;
    randoms.push(
      ...await measure(model, image, {
        ...common,
        seed,
        methods: [],
        controls: ["random"],
        metrics: compared,
        metricSettings: settingsFor(compared, metricSettings),
      }),
    );
  }
  return {
    diagnosis: map.diagnosis,
    advice: map.advice,
    deletion: compare(own!, randoms, "deletion"),
    insertion: compare(own!, randoms, "insertion"),
    shift: single(own!, "shiftstability"),
    jpeg: single(own!, "jpegstability"),
    randomisation: single(own!, "modelrandomisation"),
  };
}
