import type { Heatmap } from "../../base/heatmap.ts";
import type { Explanation, RegionOptions } from "../../explain/explanation.ts";
import type { ClassMap } from "../../explain/record.ts";
import { type SavedFile, warningsOf } from "../report.ts";

/** A part of a result that can be asked for. */
interface ResultField<Name extends string> {
  readonly name: Name;
  /** What it holds, for the help. */
  readonly what: string;
  /** What it says of an explanation. */
  of(explanation: Explanation, saved: readonly SavedFile[], regions: RegionOptions): unknown;
}

/** What tells the maps of one explanation apart. */
function nameMap({ classIndex, label, method }: ClassMap) {
  return { classIndex, label: label ?? null, method };
}

/** A map as plain numbers, row by row. */
function plain({ height, width, data }: Heatmap) {
  return { height, width, data: Array.from(data) };
}

/** All of them. */
export const resultFields = [
  {
    name: "scores",
    what: "the classes with the highest scores, best first",
    of: ({ scores }) => scores.map(({ label, ...score }) => ({ label: label ?? null, ...score })),
  },
  {
    name: "classes",
    what: "the classes explained: score, method, and what is to be thought of the map",
    of: ({ maps }) => maps.map((map) => ({ ...nameMap(map), score: map.score, diagnosis: map.diagnosis })),
  },
  {
    name: "map",
    what: "the maps, 0 to 1, as numbers row by row",
    of: ({ maps }) => maps.map((map) => ({ ...nameMap(map), ...plain(map.heatmap) })),
  },
  {
    name: "raw",
    what: "the maps before they are scaled",
    of: ({ maps }) => maps.map((map) => ({ ...nameMap(map), ...plain(map.raw) })),
  },
  {
    name: "boxes",
    what:
      "the regions of the maps, largest first, and their boxes in the photo's own pixels (threshold, level)",
    of: (explanation, _saved, regions) =>
      explanation.maps.map((map, at) => ({
        ...nameMap(map),
        regions: explanation.regions({ ...regions, map: at }).map(({ contour: _, ...region }) => region),
      })),
  },
  { name: "files", what: "the files written", of: (_explanation, saved) => saved },
  { name: "times", what: "how long each part took, in milliseconds", of: ({ times }) => times },
  { name: "warnings", what: "what a person should know", of: (explanation) => warningsOf(explanation) },
  {
    name: "about",
    what: "model, layer, method, output, backend, versions",
    of: ({ modelName, layer, method, output, scoreKind, backend: { name }, versions }) => ({
      model: modelName ?? null,
      layer,
      method,
      output: output ?? null,
      scoreKind,
      backend: name,
      versions,
    }),
  },
] as const satisfies readonly ResultField<string>[];

/** The name of a part of a result. */
export type ResultFieldName = (typeof resultFields)[number]["name"];

/** What a result holds where nothing is said. */
export const usualFields: readonly ResultFieldName[] = ["scores", "classes", "files", "warnings"];

/** The parts of a result that were asked for. */
export function tellFields(
  names: readonly ResultFieldName[],
  explanation: Explanation,
  saved: readonly SavedFile[],
  regions: RegionOptions,
): Record<string, unknown> {
  const asked = resultFields.filter(({ name }) => names.includes(name));
  return Object.fromEntries(asked.map((field) => [field.name, field.of(explanation, saved, regions)]));
}
