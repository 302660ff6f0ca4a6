import { html } from "../html.ts";
import { metricTitle, placedTitle } from "../names.ts";
import { numberText } from "../numbers.ts";
import type { ReportSection } from "../section.ts";

/** Which method to take, where that was asked for. */
export const choiceSection: ReportSection = {
  id: "choice",
  title: "Which method to take",
  render({ summary: { choice, about } }) {
    if (!choice || choice.ranks.length === 0) return undefined;
    const metrics = choice.metrics.map((metric) => metricTitle(about, metric)).join(", ");
    const rows = choice.ranks.map((ranked) =>
      html`
        <tr>
          <th scope="row">${placedTitle(about, ranked)}</th>
          <td>${numberText(ranked.rank)}</td>
          <td>${(ranked.first * 100).toFixed(0)} %</td>
        </tr>
      `
    );
    return html`
      <p>By what needs no truth: ${metrics}. The rank is the mean over photos and metrics, 1 the best. How often a
      method comes first when the photos are drawn anew says how sure that is: near 100 %, take it; else take whichever is cheaper
      among the first.</p>
      <div class="scroll" role="region" aria-label="Methods by rank" tabindex="0">
        <table class="overview">
          <thead>
            <tr>
              <th scope="col">Method</th>
              <th scope="col">Mean rank</th>
              <th scope="col">Comes first</th>
            </tr>
          </thead>
          <tbody>${rows}</tbody>
        </table>
      </div>
    `;
  },
};
