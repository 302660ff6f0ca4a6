import { type Axis, placeOn, tickText } from "../../draw/axis.ts";
import { html, type Markup } from "../html.ts";

/** A value and how sure it is. */
export interface Mark {
  /** None where it is left out. */
  readonly value: number | undefined;
  readonly interval: readonly [low: number, high: number] | undefined;
  /** Whether it is of a control, which is drawn hollow. */
  readonly isControl?: boolean | undefined;
}

/** A line from top to bottom, such as what chance alone gives. */
export interface Rule {
  readonly at: number;
  /** A class of the stylesheet. */
  readonly kind: "chance" | "zero";
}

/** A place on the axis, as a length within the drawing, with room for half a dot at its ends. */
function lengthOf(axis: Axis, value: number): string {
  return `${(3 + 94 * placeOn(axis, value)).toFixed(2)}%`;
}

function ruleLine(axis: Axis, { at, kind }: Rule): Markup | undefined {
  if (!Number.isFinite(at)) return undefined;
  const x = lengthOf(axis, at);
  return html`
    <line class="${kind}" x1="${x}" x2="${x}" y1="0" y2="100%" />
  `;
}

function intervalLine(axis: Axis, interval: Mark["interval"]): Markup | undefined {
  const [low, high] = interval ?? [NaN, NaN];
  if (!Number.isFinite(low) || !Number.isFinite(high)) return undefined;
  return html`
    <line class="interval" x1="${lengthOf(axis, low)}" x2="${lengthOf(axis, high)}" y1="50%" y2="50%" />
  `;
}

/**
 * A dot and its interval on an axis, in one row of a table. It is as wide as the cell; the numbers stand in the cells beside
 * it, for which reason nothing is read out.
 */
export function intervalPlot(
  axis: Axis,
  { value, interval, isControl = false }: Mark,
  rules: readonly Rule[] = [],
): Markup {
  const dot = value !== undefined && Number.isFinite(value)
    ? html`
      <circle class="${isControl ? "dot control" : "dot"}" cx="${lengthOf(axis, value)}" cy="50%" r="4.5" />
    `
    : undefined;
  return html`<svg class="mark" aria-hidden="true" focusable="false">${
    rules.map((rule) => ruleLine(axis, rule))
  }${intervalLine(axis, interval)}${dot}</svg>`;
}

/** The axis above such a column: its ends and what lies between. */
export function axisPlot(axis: Axis, what: string): Markup {
  const { ticks, low, high } = axis;
  const shown = ticks.length > 5 ? ticks.filter((_, at) => at % 2 === 0) : ticks;
  const texts = shown.map((tick) => {
    const place = placeOn(axis, tick);
    const anchor = place < 0.02 ? "start" : place > 0.98 ? "end" : "middle";
    const x = anchor === "start" ? "0" : anchor === "end" ? "100%" : lengthOf(axis, tick);
    return html`<text x="${x}" y="70%" text-anchor="${anchor}">${tickText(axis, tick)}</text>`;
  });
  const label = `${what}, drawn from ${tickText(axis, low)} to ${tickText(axis, high)}`;
  return html`<svg class="mark axis" role="img" aria-label="${label}">${texts}</svg>`;
}
