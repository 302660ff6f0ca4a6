import { axisOver } from "../../draw/axis.ts";
import type { EvaluationAbout, EvaluationComparison } from "../../evaluate/summary.ts";
import { axisPlot, intervalPlot } from "../charts/interval_plot.ts";
import { type ForestRow, forestTable } from "../forest.ts";
import { html, type Markup } from "../html.ts";
import { intervalName, methodTitle, metricOf, metricTitle, placedTitle } from "../names.ts";
import { countText } from "../../base/count_text.ts";
import { differenceText, intervalText, probabilityText } from "../numbers.ts";
import type { ReportSection } from "../section.ts";

/** Of one metric so many are shown; all are in the evaluation's JSON. */
const mostOfMetric = 60;

/** Below this two methods are told apart. */
const level = 0.05;

/** Which of the two is better, as far as can be told. */
function judge(comparison: EvaluationComparison, about: EvaluationAbout): Markup {
  const { first, second, difference, p, metric } = comparison;
  if (!(p < level) || difference === 0) return html`<small>not told apart</small>`;
  const isFirst = difference > 0 === (metricOf(about, metric)?.better !== "lower");
  return html`<small><strong>${methodTitle(about, isFirst ? first : second)}</strong> is better</small>`;
}

function rowsOf(
  shown: readonly EvaluationComparison[],
  about: EvaluationAbout,
  axis: ReturnType<typeof axisOver>,
) {
  return shown.map((comparison): ForestRow => {
    const { model, first, second, difference, interval, p, layer } = comparison;
    const pair = html`${methodTitle(about, first)} <span class="quiet">less</span> ${
      placedTitle(about, { model, method: second, layer })
    }`;
    return {
      name: html`${pair}${judge(comparison, about)}`,
      plot: intervalPlot(axis, { value: difference, interval }, [{ at: 0, kind: "zero" }]),
      value: differenceText(difference),
      interval: intervalText(interval),
      last: probabilityText(p),
    };
  });
}

function metricDetails(name: string, all: readonly EvaluationComparison[], about: EvaluationAbout): Markup {
  const sorted = [...all].sort((a, b) => a.p - b.p || Math.abs(b.difference) - Math.abs(a.difference));
  const shown = sorted.slice(0, mostOfMetric);
  const axis = axisOver([0, ...shown.flatMap(({ difference, interval }) => [difference, ...interval])]);
  const title = metricTitle(about, name);
  const head = {
    caption: `${title}: paired differences`,
    name: "Pair",
    axis: axisPlot(axis, "Difference"),
    value: "Difference",
    interval: intervalName(about),
    last: html`<i>p</i>`,
  };
  const told = all.filter(({ p }) => p < level).length;
  const left = all.length - shown.length;
  return html`
    <details
      class="card"><summary><span>${title}</span> <span class="quiet">${told} of ${countText(
        all.length,
        "pair",
      )} told apart</span></summary>${forestTable(head, rowsOf(shown, about, axis))}${left > 0
        ? html`
          <p
            class="quiet">${countText(left, "pair")} that ${left === 1
              ? "is"
              : "are"} told apart least ${left === 1
              ? "is"
              : "are"} left out here; all are in evaluation.json.</p>
        `
        : undefined}</details>
  `;
}

/** Methods held against each other, photo by photo. */
export const comparisonsSection: ReportSection = {
  id: "comparisons",
  title: "Method against method",
  render({ summary: { about, comparisons } }) {
    const byMetric = Map.groupBy(comparisons, ({ metric }) => metric);
    if (byMetric.size === 0) return undefined;
    return html`<p>Both methods of a pair are measured on the same photos, and their difference is taken photo by photo.
<i>p</i> is how often chance alone would give so large a difference, corrected for the number of pairs; two methods are told
apart where it is below ${level}.</p>${[...byMetric].map(([name, all]) => metricDetails(name, all, about))}`;
  },
};
