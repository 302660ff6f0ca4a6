import { html } from "../html.ts";
import { countText } from "../../base/count_text.ts";
import type { Report, ReportSection } from "../section.ts";

/** Several things in a row, as people list them. */
function joined(parts: readonly string[]): string {
  return parts.length < 2 ? parts.join("") : `${parts.slice(0, -1).join(", ")} and ${parts.at(-1)}`;
}

/** What was done, in a sentence or two. */
function doneText({ summary: { about } }: Report): string {
  const methods = about.methods.filter(({ control }) => !control).length;
  const controls = about.methods.length - methods;
  const parts = [
    countText(about.photos, "photo"),
    ...about.models.length > 1 ? [countText(about.models.length, "model")] : [],
    countText(methods, "method"),
    ...about.layers.length > 1 ? [countText(about.layers.length, "layer")] : [],
    ...controls > 0 ? [countText(controls, "control")] : [],
    countText(about.metrics.length, "metric"),
  ];
  const failed = about.failed === 0
    ? ""
    : ` ${countText(about.failed, "photo")} could not be evaluated and ${
      about.failed === 1 ? "does" : "do"
    } not count.`;
  return `${joined(parts)}: ${countText(about.maps, "map")} in all.${failed}`;
}

/** In plain words, before any number. */
export const conclusionsSection: ReportSection = {
  id: "conclusions",
  title: "What may be concluded",
  render(report) {
    const { conclusions, about: { warnings } } = report.summary;
    const list = conclusions.map((conclusion) => html`<li>${conclusion}</li>`);
    const notes = warnings.map((warning) => html`<li>${warning}</li>`);
    return html`<p class="lead">${doneText(report)}</p>${
      list.length > 0 ? html`<ul class="conclusions">${list}</ul>` : undefined
    }${
      notes.length > 0
        ? html`
          <h3>What to know</h3>
          <ul class="notes">${notes}</ul>
        `
        : undefined
    }`;
  },
};
