import type { Curve } from "./metric.ts";

/** The area under a curve, by trapezoids. */
export function areaUnder({ x, y }: Pick<Curve, "x" | "y">): number {
  let area = 0;
  for (let at = 1; at < x.length; at++) area += (x[at]! - x[at - 1]!) * (y[at]! + y[at - 1]!) / 2;
  return area;
}

/** Places from 0 to 1 in equal steps, both ends among them. */
export function evenSteps(steps: number): number[] {
  return Array.from({ length: steps + 1 }, (_, at) => at / steps);
}
