import { code, type Fact, factList } from "../facts.ts";
import { nameText } from "../html.ts";
import { countText } from "../../base/count_text.ts";
import type { ReportSection } from "../section.ts";

/** How the report came about, so that it can be made again. */
export const originSection: ReportSection = {
  id: "origin",
  title: "How this came about",
  render({ summary: { about }, date, command }) {
    const models = about.models.flatMap(({ name, hash }): Fact[] => [
      ["Model", nameText(name)],
      ["Model file’s SHA-256", code(hash)],
    ]);
    const truth = about.truth &&
      `${nameText(about.truth.name)} (${about.truth.kind}), ${countText(about.objects, "object")}`;
    return factList([
      ...models,
      ["Layers", about.layers.map(nameText).join(", ") || undefined],
      ["Truth", truth],
      ["Seed", String(about.seed)],
      [
        "Intervals",
        `${about.confidence * 100} %, photos drawn anew ${about.resamples.toLocaleString("en")} times`,
      ],
      ["Date", date],
      ...Object.entries(about.versions).map(([name, version]): Fact => [nameText(name), nameText(version)]),
      ["Command", code(command)],
    ]);
  },
};
