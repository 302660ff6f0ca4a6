import { axisOver } from "../../draw/axis.ts";
import type { EvaluationAbout, EvaluationRow, MetricAbout } from "../../evaluate/summary.ts";
import { axisPlot, intervalPlot, type Rule } from "../charts/interval_plot.ts";
import { type ForestRow, forestTable } from "../forest.ts";
import { html, type Markup, nameText } from "../html.ts";
import { betterFirst, intervalName, isControl, placedTitle } from "../names.ts";
import { countText } from "../../base/count_text.ts";
import { intervalText, numberText } from "../numbers.ts";
import type { ReportSection } from "../section.ts";

/** What each kind of metric asks. */
const questions: Readonly<Record<string, string>> = {
  localisation: "Is the map where the object is?",
  faithfulness: "Does the score follow what the map marks?",
  robustness: "Does the map stay when the photo hardly changes?",
  complexity: "How concentrated is the map?",
  sanity: "Does the map depend on what the model has learned?",
};

/** What chance alone gives, where all rows agree on it. */
function chanceOf(rows: readonly EvaluationRow[]): number | undefined {
  const chances = new Set(rows.flatMap(({ chance }) => chance ?? []));
  return chances.size === 1 ? [...chances][0] : undefined;
}

function metricCard(
  metric: MetricAbout,
  all: readonly EvaluationRow[],
  about: EvaluationAbout,
): Markup | undefined {
  const byValue = betterFirst(metric.better);
  const rows = all.filter((row) => row.metric === metric.name).sort((a, b) => byValue(a.mean, b.mean));
  if (rows.length === 0) return undefined;
  const chance = chanceOf(rows);
  const axis = axisOver([
    chance ?? NaN,
    ...rows.flatMap(({ mean, interval }) => [mean ?? NaN, ...interval ?? []]),
  ]);
  const rules: Rule[] = chance === undefined ? [] : [{ at: chance, kind: "chance" }];
  const part = (ofControls: boolean) =>
    rows.filter(({ method }) => isControl(about, method) === ofControls).map((row): ForestRow => ({
      name: placedTitle(about, row),
      plot: intervalPlot(axis, { value: row.mean, interval: row.interval, isControl: ofControls }, rules),
      value: numberText(row.mean),
      interval: intervalText(row.interval),
      last: html`${row.count}${row.missing > 0 ? html`<small>${row.missing} without</small>` : undefined}`,
    }));
  const title = nameText(metric.title);
  const head = {
    caption: `${title} by method`,
    name: "Method",
    axis: axisPlot(axis, title),
    value: "Mean",
    interval: intervalName(about),
    last: "Photos",
  };
  return html`<article class="card"><h4>${title}</h4>
<p>${metric.description}<span class="better">${metric.better === "higher" ? "Higher" : "Lower"} is better.${
    chance === undefined ? "" : ` Chance gives ${numberText(chance)}, the dashed line.`
  }</span></p>${forestTable(head, part(false), part(true))}</article>`;
}

/** Each metric with the intervals of all methods, and of the controls. */
export const metricsSection: ReportSection = {
  id: "metrics",
  title: "Metric by metric",
  render({ summary: { about, rows } }) {
    const kinds = [...new Set(about.metrics.map(({ kind }) => kind))];
    const parts = kinds.flatMap((kind) => {
      const cards = about.metrics.filter((metric) => metric.kind === kind)
        .flatMap((metric) => metricCard(metric, rows, about) ?? []);
      const count = html`<span class="quiet">${kind}, ${countText(cards.length, "metric")}</span>`;
      return cards.length === 0 ? [] : [html`<h3>${questions[kind] ?? kind} ${count}</h3>${cards}`];
    });
    if (parts.length === 0) return undefined;
    return html`<p>A dot is the mean over photos, the line where that mean lies, by drawing the photos anew (${
      intervalName(about)
    }). Hollow dots are controls.</p>${parts}`;
  },
};
