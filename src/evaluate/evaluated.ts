import { type Heatmap, resizeHeatmap } from "../base/heatmap.ts";
import type { ControlName } from "../metrics/controls/mod.ts";
import type { MeasuredMap } from "../metrics/measured_map.ts";
import type { Measurement } from "../metrics/metric.ts";
import type { MetricName } from "../metrics/mod.ts";
import type { TruthBox } from "../metrics/truth.ts";
import type { MethodName } from "../methods/mod.ts";

/** A number of a map. */
export interface EvaluatedNumber {
  /** The metric's name. */
  readonly metric: MetricName;
  /** What it found. */
  readonly measurement: Measurement;
  /** How long it took, in milliseconds; of results that were kept, where times were asked for. */
  readonly ms?: number | undefined;
}

/** A map of a photo, and how good it is. */
export interface EvaluatedMap {
  /** The model's name. */
  readonly model: string;
  /** The method's name, or a control's. */
  readonly method: MethodName | ControlName;
  /** The layer's path; empty for controls. */
  readonly layer: string;
  /** The class, from 0. */
  readonly classIndex: number;
  /** Its name, where the labels are known. */
  readonly label: string | undefined;
  /** Its score: the model's own output. */
  readonly score: number;
  /** The map, 0 to 1 in 256 steps, at most 56 cells along each side. */
  readonly heatmap: Heatmap;
  /** How much of what the model sees the object covers, where there is a truth: what a random place hits by chance. */
  readonly chance?: number | undefined;
  /** What of the photo the model sees, in fractions of it; beyond 0 … 1 where there is a border. */
  readonly seen?: TruthBox | undefined;
  /** How long the map took, in milliseconds; of results that were kept, where times were asked for. */
  readonly ms?: number | undefined;
  /** Metric by metric. */
  readonly measurements: readonly EvaluatedNumber[];
}

/** What a truth file's names came to that are no class of a model, or several. */
export interface UnmatchedClasses {
  /** The model's name. */
  readonly model: string;
  /** Names that no class bears. */
  readonly unknown: readonly string[];
  /** With the classes that each may be. */
  readonly ambiguous: readonly string[];
}

/** A photo that was gone through. */
export interface EvaluatedPhoto {
  /** Which it is, from 0. */
  readonly index: number;
  /** Its path or name. */
  readonly photo: string;
  /** Every method and control at every layer of every model, for each class; none where it failed. */
  readonly maps: readonly EvaluatedMap[];
  /** Why it failed. */
  readonly error?: { readonly name: string; readonly message: string } | undefined;
  /** What the truth file calls it, and how many objects it has there; left out where it has none. */
  readonly truth?: { readonly file: string; readonly objects: number } | undefined;
  /** Of its truth. */
  readonly unmatched?: readonly UnmatchedClasses[] | undefined;
  /** What is wrong with its truth, a sentence each. */
  readonly warnings: readonly string[];
}

/** The most cells along a side of a map that is kept. */
const mostCells = 56;

/** A number with as many digits as are worth being kept. */
function shortened(value: number): number {
  return Number(value.toPrecision(7));
}

/** A map of at most 56 × 56 cells, 0 to 1 in steps of 1 / 255. */
function reduced(map: Heatmap): Heatmap {
  const [height, width] = [Math.min(map.height, mostCells), Math.min(map.width, mostCells)];
  const isSmall = height === map.height && width === map.width;
  const { data } = isSmall ? map : resizeHeatmap(map, { height, width });
  return {
    data: data.map((value) => Math.fround(Math.round(Math.min(Math.max(value, 0), 1) * 255) / 255)),
    height,
    width,
  };
}

function reduceBox({ x, y, width, height }: TruthBox): TruthBox {
  return { x: shortened(x), y: shortened(y), width: shortened(width), height: shortened(height) };
}

/** What a metric found, in fewer digits. */
function reduceMeasurement({ value, why, curves }: Measurement): Measurement {
  return {
    value: value === undefined || !Number.isFinite(value) ? undefined : shortened(value),
    ...why !== undefined && { why },
    ...curves && {
      curves: curves.map(({ name, x, y }) => ({ name, x: x.map(shortened), y: y.map(shortened) })),
    },
  };
}

/** What is kept of a map that was measured: the same whether it comes from a file or was just computed. */
export function reduceMap(model: string, map: MeasuredMap): EvaluatedMap {
  const { method, layer, classIndex, label, score, heatmap, chance, seen, ms, measurements } = map;
  return {
    model,
    method,
    layer,
    classIndex,
    label,
    score: shortened(score),
    heatmap: reduced(heatmap),
    ...chance !== undefined && { chance: shortened(chance) },
    ...seen && { seen: reduceBox(seen) },
    ms,
    measurements: measurements.map(({ metric, measurement, ms }) => ({
      metric,
      measurement: reduceMeasurement(measurement),
      ms,
    })),
  };
}
