import type { EvaluationRow, EvaluationSummary } from "../../evaluate/summary.ts";
import { html, type Markup, nameText } from "../html.ts";
import { betterFirst, isControl, keyOf, placedTitle } from "../names.ts";
import { numberText } from "../numbers.ts";
import type { ReportSection } from "../section.ts";

/** A method at a layer, and what each metric says of it. */
interface Line {
  readonly title: string;
  readonly control: boolean;
  readonly byMetric: ReadonlyMap<string, EvaluationRow>;
}

function linesOf({ rows, about }: EvaluationSummary): Line[] {
  const lines = Map.groupBy(rows, keyOf);
  return [...lines.values()].map((ofLine) => ({
    title: placedTitle(about, ofLine[0]!),
    control: isControl(about, ofLine[0]!.method),
    byMetric: new Map(ofLine.map((row) => [row.metric, row])),
  }));
}

/** The best value that a method has which is no control, of each metric. */
function bestOf(
  { about }: EvaluationSummary,
  lines: readonly Line[],
): ReadonlyMap<string, number | undefined> {
  return new Map(about.metrics.map(({ name, better }) => {
    const values = lines.filter(({ control }) => !control).map(({ byMetric }) => byMetric.get(name)?.mean);
    return [name, values.filter((value) => value !== undefined).sort(betterFirst(better))[0]];
  }));
}

function cell(mean: number | undefined, isBest: boolean): Markup {
  return html`<td>${isBest ? html`<strong>${numberText(mean)}</strong>` : numberText(mean)}</td>`;
}

/** All means in one table. */
export const overviewSection: ReportSection = {
  id: "overview",
  title: "All methods at a glance",
  render({ summary }) {
    const { metrics } = summary.about;
    const lines = linesOf(summary);
    if (lines.length === 0) return undefined;
    const best = bestOf(summary, lines);
    const heads = metrics.map(({ title, better }) =>
      html`<th scope="col">${nameText(title)} <span class="quiet">${
        better === "higher" ? "higher is better" : "lower is better"
      }</span></th>`
    );
    const body = (ofControls: boolean) =>
      lines.filter(({ control }) => control === ofControls).map(({ title, byMetric }) =>
        html`<tr><th scope="row">${title}</th>${
          metrics.map(({ name }) => {
            const mean = byMetric.get(name)?.mean;
            return cell(mean, !ofControls && mean !== undefined && mean === best.get(name));
          })
        }</tr>`
      );
    const controls = body(true);
    return html`
      <p>Means over all photos. The best of each column stands out; whether it is better than the next, and not by
      chance, is told below. Controls know nothing of the model: a method that is no better than these has shown nothing.</p>
      <div class="scroll" role="region" aria-label="All methods by all metrics" tabindex="0">
        <table class="overview">
      <thead><tr><th scope="col">Method</th>${heads}</tr></thead><tbody>${body(
        false,
      )}</tbody>${controls.length > 0 ? html`<tbody class="controls">${controls}</tbody>` : undefined}</table>
      </div>
    `;
  },
};
