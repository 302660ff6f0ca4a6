import { html, type Markup } from "../html.ts";
import { keyOf, metricTitle, placedTitle } from "../names.ts";
import { numberText, timeText } from "../numbers.ts";
import type { ReportSection } from "../section.ts";

function cells(texts: readonly string[]): Markup {
  return html`${texts.map((text) => html`<td>${text}</td>`)}`;
}

/** What everything costs: in runs of the model, which are the same everywhere, and in time where it was taken. */
export const costSection: ReportSection = {
  id: "cost",
  title: "Time and cost",
  render({ summary: { rows, about } }) {
    const hasPasses = about.methods.some(({ passes }) => passes !== undefined);
    const hasTimes = about.methods.some(({ ms }) => ms !== undefined) ||
      rows.some(({ ms }) => ms !== undefined);
    if (rows.length === 0 || !hasPasses && !hasTimes) return undefined;
    const timed = hasTimes ? about.metrics.map(({ name }) => name) : [];
    const heads = [
      ...hasPasses ? ["Runs of the model for a map"] : [],
      ...hasTimes ? ["A map"] : [],
      ...timed.map((metric) => metricTitle(about, metric)),
    ];
    const lines = [...Map.groupBy(rows, keyOf).values()].map((ofLine) => {
      const method = about.methods.find(({ name }) => name === ofLine[0]!.method);
      const ms = new Map(ofLine.map((row) => [row.metric, row.ms]));
      return html`<tr><th scope="row">${placedTitle(about, ofLine[0]!)}</th>${
        cells([
          ...hasPasses ? [numberText(method?.passes)] : [],
          ...hasTimes ? [timeText(method?.ms)] : [],
          ...timed.map((metric) => timeText(ms.get(metric))),
        ])
      }</tr>`;
    });
    return html`
      <p>What a map costs${hasTimes
        ? ", and how long each metric takes for one, on the machine that made this report"
        : ""}. A run is one way through the model, forwards or back.</p>
      <div class="scroll" role="region" aria-label="Cost by method" tabindex="0">
        <table class="overview">
          <thead>
            <tr><th scope="col">Method</th>${heads.map((head) => html`<th scope="col">${head}</th>`)}</tr>
          </thead>
          <tbody>${lines}</tbody>
        </table>
      </div>
    `;
  },
};
