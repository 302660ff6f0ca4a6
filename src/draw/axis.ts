/** An axis of a chart: what it reaches over, and where its ticks are. */
export interface Axis {
  readonly low: number;
  readonly high: number;
  /** Round numbers within, ascending. */
  readonly ticks: readonly number[];
  /** The digits behind the point that tell ticks apart. */
  readonly decimals: number;
}

/** Steps of ticks that people read easily, in tens. */
const roundSteps = [1, 2, 2.5, 5, 10] as const;

/** The smallest round step that is no smaller than asked for. */
function roundStep(least: number): number {
  const ten = 10 ** Math.floor(Math.log10(least));
  return ten * (roundSteps.find((step) => step * ten >= least * (1 - 1e-9)) ?? 10);
}

/** How many digits behind the point a step has. */
function decimalsOf(step: number): number {
  for (let decimals = 0; decimals < 12; decimals++) {
    if (Math.abs(Number(step.toFixed(decimals)) - step) < step * 1e-6) return decimals;
  }
  return 12;
}

/**
 * An axis that reaches over some values, to the next ticks.
 *
 * @param values What is drawn; what is no number does not count. From 0 to 1 where there is none.
 * @param ticks About how many ticks there are to be, 2 or more.
 */
export function axisOver(values: Iterable<number>, ticks = 4): Axis {
  let [least, most] = [Infinity, -Infinity];
  for (const value of values) {
    if (!Number.isFinite(value)) continue;
    least = Math.min(least, value);
    most = Math.max(most, value);
  }
  if (least > most) [least, most] = [0, 1];
  if (most - least <= Math.max(Math.abs(least), Math.abs(most)) * 1e-9) {
    const room = Math.abs(least) / 2 || 0.5;
    [least, most] = [least - room, most + room];
  }
  const step = roundStep((most - least) / ticks);
  const first = Math.floor(least / step + 1e-9);
  const last = Math.ceil(most / step - 1e-9);
  const decimals = decimalsOf(step);
  const tick = (at: number) => Number((at * step).toFixed(decimals));
  return {
    low: tick(first),
    high: tick(last),
    ticks: Array.from({ length: last - first + 1 }, (_, at) => tick(first + at)),
    decimals,
  };
}

/** Where on an axis a value lies, from 0 at its low end to 1 at its high one; what lies outside is at the end. */
export function placeOn({ low, high }: Axis, value: number): number {
  return Math.min(Math.max((value - low) / (high - low), 0), 1);
}

/** What stands beside a tick. */
export function tickText({ decimals }: Axis, tick: number): string {
  return tick.toFixed(decimals).replace("-", "−");
}
