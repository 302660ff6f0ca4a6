import { type Axis, axisOver } from "../../draw/axis.ts";
import type { EvaluationAbout, EvaluationCurve } from "../../evaluate/summary.ts";
import { linePlot, type PlottedLine } from "../charts/line_plot.ts";
import { html, type Markup, nameText } from "../html.ts";
import { intervalName, isControl, metricTitle, placedTitle } from "../names.ts";
import { numberText } from "../numbers.ts";
import type { ReportSection } from "../section.ts";

/** The control that curves are drawn beside. */
const random = "random";

/** A curve in words: where it begins, its middle and where it ends. */
function inWords({ x, mean }: EvaluationCurve): string {
  const places = [0, Math.floor((x.length - 1) / 2), x.length - 1];
  return places.map((at) => `${numberText(mean[at])} at ${numberText(x[at])}`).join(", ");
}

function panel(
  line: EvaluationCurve,
  control: EvaluationCurve | undefined,
  axes: { readonly x: Axis; readonly y: Axis },
  about: EvaluationAbout,
): Markup {
  const title = placedTitle(about, line);
  const { x, mean, low, high } = line;
  const lines: PlottedLine[] = [
    ...control ? [{ x: control.x, y: control.mean, kind: "control" } as const] : [],
    { x, y: mean, low, high, kind: "main" },
  ];
  const description = `${title}: ${inWords(line)}.${control ? ` Random map: ${inWords(control)}.` : ""}`;
  const below = `${axes.x.high > 1 ? "percent" : "share"} of the photo that is changed`;
  return html`<figure><figcaption>${title}</figcaption>${
    linePlot(lines, { ...axes, description, below })
  }</figure>`;
}

/** The curves of one metric, a small drawing for each method, all on the same axes. */
function group(lines: readonly EvaluationCurve[], about: EvaluationAbout): Markup {
  const { metric, name } = lines[0]!;
  const axes = {
    x: axisOver(lines.flatMap(({ x }) => x)),
    y: axisOver([0, ...lines.flatMap(({ mean, low, high }) => [...mean, ...low, ...high])]),
  };
  const controlOf = ({ model }: EvaluationCurve) =>
    lines.find((line) => line.method === random && line.model === model);
  const shown = [false, true].flatMap((ofControls) =>
    lines.filter(({ method }) => method !== random && isControl(about, method) === ofControls)
  );
  const isNamed = name !== "" && name.toLowerCase() !== metric;
  return html`
    <h3>${metricTitle(about, metric)}${isNamed
      ? html`
        <span class="quiet">${nameText(name)}</span>
      `
      : undefined}</h3>
    <div class="multiples">${shown.map((line) => panel(line, controlOf(line), axes, about))}</div>
  `;
}

function key(kind: PlottedLine["kind"], text: string): Markup {
  return html`
    <span
      class="key"><svg class="key-line" aria-hidden="true" focusable="false"><line class="line ${kind}" x1="0" x2="100%" y1="50%" y2="50%"/></svg>${text}</span>
  `;
}

/** The score while the photo is taken away or given back. */
export const curvesSection: ReportSection = {
  id: "curves",
  title: "Curves",
  render({ summary: { curves, about } }) {
    const groups = Map.groupBy(curves, ({ metric, name }) => JSON.stringify([metric, name]));
    const told = [...groups.values()].filter((lines) => lines.some(({ method }) => method !== random));
    if (told.length === 0) return undefined;
    return html`<p>Means over photos, and where they lie (${intervalName(about)}).</p><p>${
      key("main", "the method")
    }${key("control", "a random map")}</p>${told.map((lines) => group(lines, about))}`;
  },
};
