import type { EvaluationAbout, MetricAbout } from "../evaluate/summary.ts";
import { nameText } from "./html.ts";

/** What a number of the summary is of. */
export interface Placed {
  readonly model: string;
  readonly method: string;
  /** Empty for a control. */
  readonly layer: string;
}

/** Tells what numbers of the summary are of apart. */
export function keyOf({ model, method, layer }: Placed): string {
  return JSON.stringify([model, method, layer]);
}

/** Whether a method is a control, which knows nothing of the model. */
export function isControl({ methods }: EvaluationAbout, name: string): boolean {
  return methods.some((method) => method.name === name && method.control);
}

/** A method's title. */
export function methodTitle({ methods }: EvaluationAbout, name: string): string {
  return nameText(methods.find((method) => method.name === name)?.title ?? name);
}

/** A method's title, with the layer and the model where there are several. */
export function placedTitle(about: EvaluationAbout, { model, method, layer }: Placed): string {
  const parts = [
    methodTitle(about, method),
    ...about.layers.length > 1 && layer !== "" ? [nameText(layer)] : [],
    ...about.models.length > 1 ? [nameText(model)] : [],
  ];
  return parts.join(" · ");
}

/** What there is to know of a metric. */
export function metricOf({ metrics }: EvaluationAbout, name: string): MetricAbout | undefined {
  return metrics.find((metric) => metric.name === name);
}

/** A metric's title. */
export function metricTitle(about: EvaluationAbout, name: string): string {
  return nameText(metricOf(about, name)?.title ?? name);
}

/** An order in which the better of two values comes first, and what is no number last. */
export function betterFirst(better: MetricAbout["better"]): (a?: number, b?: number) => number {
  const worth = (value: number | undefined) =>
    value === undefined || !Number.isFinite(value) ? -Infinity : better === "higher" ? value : -value;
  return (a, b) => {
    const [first, second] = [worth(a), worth(b)];
    return first === second ? 0 : second - first;
  };
}

/** What an interval is called, such as "95 % interval". */
export function intervalName({ confidence }: EvaluationAbout): string {
  return `${Number((confidence * 100).toFixed(1))} % interval`;
}
