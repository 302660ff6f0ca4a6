import { checkOptionTypes, type OptionRules, textRule } from "../base/options.ts";
import type { EvaluationSummary, ExamplePicture } from "../evaluate/summary.ts";
import { documentOf } from "./document.ts";
import { html, nameText } from "./html.ts";
import { countText } from "../base/count_text.ts";
import type { Report, ReportOptions } from "./section.ts";
import { sections } from "./sections/mod.ts";

/** What each of them can be. */
export const reportRules: OptionRules<ReportOptions> = {
  date: textRule("a date as readers are to see it"),
  command: textRule("the command that makes it again"),
};

/**
 * An evaluation as one HTML file: it asks for no other file, runs no script, opens from disk, and is light or dark as the
 * reader prefers. What cannot be said of the summary, such as curves where there are none, is left out.
 *
 * @param summary What `summarise()` found.
 * @param pictures Small pictures of the best and the worst photos with their maps; what the summary does not name is not
 * shown, and no more than 16 MB of them.
 * @param options What else the report says.
 * @returns The whole file.
 * @throws {TypeError} If an option is unknown or of a wrong type.
 */
export function reportHtml(
  summary: EvaluationSummary,
  pictures: readonly ExamplePicture[] = [],
  options: ReportOptions = {},
): string {
  checkOptionTypes("reportHtml()", options, reportRules);
  const report: Report = { summary, pictures, ...options };
  const { model, photos } = summary.about;
  const shown = sections.flatMap(({ id, title, render }) => {
    const content = render(report);
    return content === undefined ? [] : [{ id, title, content }];
  });
  const links = shown.map(({ id, title }) => html`<li><a href="#${id}">${title}</a></li>`);
  return documentOf({
    title: `Evaluation of ${nameText(model)}`,
    header: html`
      <p class="eyebrow">Evaluation of explanation maps</p>
      <h1>Which maps of ${nameText(model)} can be trusted?</h1>
      <p class="quiet">${countText(photos, "photo")}${options.date === undefined
        ? ""
        : ` · ${options.date}`}</p>
      <nav aria-label="Sections">
        <ol>${links}</ol>
      </nav>
    `,
    main: html`${
      shown.map(({ id, title, content }) =>
        html`
          <section id="${id}"
            aria-labelledby="${id}-title"><h2 id="${id}-title">${title}</h2>${content}</section>
        `
      )
    }`,
  });
}
