import type { Curve } from "../metrics/metric.ts";
import type { PhotoValues, Place } from "./photo_values.ts";
import { rounded } from "./rounded.ts";
import { meanOf } from "./statistics/bootstrap.ts";
import { normalQuantile } from "./statistics/normal.ts";
import type { EvaluationAbout, EvaluationCurve } from "./summary.ts";

/** What a curve is at a place, between two of its points linearly. */
function valueAt({ x, y }: Curve, place: number): number {
  const after = x.findIndex((value) => value >= place);
  if (after === 0) return y[0]!;
  if (after < 0) return y.at(-1)!;
  const part = (place - x[after - 1]!) / (x[after]! - x[after - 1]!);
  return y[after - 1]! + part * (y[after]! - y[after - 1]!);
}

/** The mean of curves at the places of the first, and how far off it may be. */
function meanCurve(
  curves: readonly Curve[],
  z: number,
): Pick<EvaluationCurve, "x" | "mean" | "low" | "high"> {
  const { x } = curves[0]!;
  const points = x.map((place, at) => {
    const values = curves.map((curve) => curve.x[at] === place ? curve.y[at]! : valueAt(curve, place));
    const mean = meanOf(values);
    const variance = values.reduce((sum, value) => sum + (value - mean) ** 2, 0) /
      Math.max(values.length - 1, 1);
    return { mean, reach: z * Math.sqrt(variance / values.length) };
  });
  return {
    x: x.map(rounded),
    mean: points.map(({ mean }) => rounded(mean)),
    low: points.map(({ mean, reach }) => rounded(mean - reach)),
    high: points.map(({ mean, reach }) => rounded(mean + reach)),
  };
}

/** The mean curves of all places by all metrics that have some, with the mean's standard error as far as is sure. */
export function meanCurves(
  places: readonly Place[],
  values: PhotoValues,
  { about, confidence }: { readonly about: EvaluationAbout; readonly confidence: number },
): EvaluationCurve[] {
  const z = normalQuantile((1 + confidence) / 2);
  return places.flatMap((place) =>
    about.metrics.flatMap(({ name: metric }) =>
      [...values.curvesOf(place, metric)].map(([name, curves]) => ({
        ...place,
        metric,
        name,
        ...meanCurve(curves, z),
      }))
    )
  );
}
