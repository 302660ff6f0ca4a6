import { type Axis, placeOn, tickText } from "../../draw/axis.ts";
import { html, type Markup } from "../html.ts";

/** A line over an axis, and how sure it is. */
export interface PlottedLine {
  readonly x: readonly number[];
  readonly y: readonly number[];
  /** The ends of each point's interval. */
  readonly low?: readonly number[] | undefined;
  readonly high?: readonly number[] | undefined;
  /** A class of the stylesheet: what is looked at, or what it is compared with. */
  readonly kind: "main" | "control";
}

/** What a drawing of lines says. */
export interface LinePlotOptions {
  readonly x: Axis;
  readonly y: Axis;
  /** All that it shows, in words. */
  readonly description: string;
  /** What stands below. */
  readonly below: string;
}

/** In units of the drawing, which is as wide as its place. */
const size = { width: 320, height: 190 };
const edges = { left: 40, right: 16, top: 8, bottom: 34 };
const inner = {
  width: size.width - edges.left - edges.right,
  height: size.height - edges.top - edges.bottom,
};

function placeX(axis: Axis, value: number): string {
  return (edges.left + placeOn(axis, value) * inner.width).toFixed(1);
}

function placeY(axis: Axis, value: number): string {
  return (edges.top + (1 - placeOn(axis, value)) * inner.height).toFixed(1);
}

function pointsOf(
  { x, y }: LinePlotOptions,
  across: readonly number[],
  up: readonly number[],
): string[] {
  return across.flatMap((value, at) =>
    Number.isFinite(value) && Number.isFinite(up[at]) ? [`${placeX(x, value)},${placeY(y, up[at]!)}`] : []
  );
}

function band(options: LinePlotOptions, { x, low, high, kind }: PlottedLine): Markup | undefined {
  if (!low || !high) return undefined;
  const points = [...pointsOf(options, x, high), ...pointsOf(options, x, low).reverse()];
  return points.length < 4 ? undefined : html`
    <polygon class="band ${kind}" points="${points.join(" ")}" />
  `;
}

function grid({ x, y }: LinePlotOptions): Markup {
  const [left, right, bottom] = [edges.left, size.width - edges.right, size.height - edges.bottom];
  const across = y.ticks.map((tick) => {
    const at = placeY(y, tick);
    return html`
      <line class="grid" x1="${left}" x2="${right}" y1="${at}" y2="${at}" />
      <text x="${left - 6}" y="${at}" dy="0.35em" text-anchor="end">${tickText(y, tick)}</text>
    `;
  });
  const along = x.ticks.filter((_, at) => x.ticks.length <= 6 || at % 2 === 0).map((tick) =>
    html`<text x="${placeX(x, tick)}" y="${bottom + 14}" text-anchor="middle">${tickText(x, tick)}</text>`
  );
  return html`${across}${along}`;
}

/** Lines in a drawing that is as wide as its place; to who does not see it, it says what it shows. */
export function linePlot(lines: readonly PlottedLine[], options: LinePlotOptions): Markup {
  const { width, height } = size;
  const drawn = lines.map((line) =>
    html`
      <polyline class="line ${line.kind}" points="${pointsOf(options, line.x, line.y).join(" ")}" />
    `
  );
  return html`
    <svg class="lines" viewBox="0 0 ${width} ${height}" role="img"
      aria-label="${options.description}">${grid(options)}${lines.map((line) =>
        band(options, line)
      )}${drawn}<text class="below" x="${edges.left + inner.width / 2}" y="${height -
        4}" text-anchor="middle">${options.below}</text></svg>
  `;
}
