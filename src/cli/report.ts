import type { BackendInfo } from "../../backends/mod.ts";
import { decoded } from "../base/decoded.ts";
import { plainExplanation } from "../draw/renderings/json.ts";
import type { ClassMap, Explanation, RegionOptions } from "../explain/explanation.ts";
import { scoreText } from "../base/score_text.ts";
import { cut } from "../base/quote.ts";
import { describeWhere } from "../explain/where.ts";

/** A file that was written. */
export interface SavedFile {
  /** What it holds, such as `"overlay"`. */
  readonly kind: string;
  /** The class that it shows; `null` where it holds all. */
  readonly classIndex: number | null;
  /** The method that made it; likewise. */
  readonly method: string | null;
  /** Where it is; `-` for standard output. */
  readonly path: string;
}

/** What is said of an explanation besides. */
export interface Reported {
  /** What was written. */
  readonly saved: readonly SavedFile[];
  /** What belongs to a region of a map, where boxes are asked for. */
  readonly regions?: RegionOptions | undefined;
}

function classText(map: ClassMap, { unit }: Explanation): string {
  const { label, classIndex, target, value } = map;
  if (target !== undefined) return `${target} ${value?.toFixed(3)}`;
  const unnamed = unit === "regression" ? "regression" : `class ${classIndex}`;
  return `${label ? `${label} (${classIndex})` : unnamed} ${scoreText(map)}`;
}

/** How many regions are printed. */
const printedRegions = 3;

/** The boxes of a map's largest regions, as `--region` takes them. */
function boxesText(explanation: Explanation, options: RegionOptions): string {
  const regions = explanation.regions(options);
  const boxes = regions.slice(0, printedRegions).map(({ box: { x, y, width, height } }) =>
    [x, y, width, height].map(Math.round).join(",")
  );
  const more = regions.length > printedRegions ? `, and ${regions.length - printedRegions} more` : "";
  if (boxes.length === 0) return ", in no box";
  return `, in ${boxes.length === 1 ? "the box" : "the boxes"} ${boxes.join(" ")}${more}`;
}

/** A class, and where the model looked for it. */
function mapText(map: ClassMap, explanation: Explanation, regions: RegionOptions | undefined): string {
  const boxes = regions ? boxesText(explanation, { ...regions, map: explanation.maps.indexOf(map) }) : "";
  const where = describeWhere(map, explanation);
  const by = explanation.maps.some(({ method }) => method !== map.method) ? ` by ${map.method}` : "";
  const text = classText(map, explanation) + by;
  return (where === undefined ? text : `${text}, looked mostly at the ${where}`) + boxes;
}

/** A backend in a few words. */
export function backendText({ name, threads, adapter, software }: BackendInfo): string {
  const details: Readonly<Record<string, string>> = {
    wasm: `, ${threads} ${threads === 1 ? "thread" : "threads"}`,
    webgpu: `${adapter ? `, ${adapter}` : ""}${software ? " (software)" : ""}`,
  };
  return `${name}${details[name] ?? ""}`;
}

/** How a photo is called in what is printed. */
export function photoName(photo: string): string {
  if (photo === "-") return "standard input";
  return /^data:/i.test(photo) ? "data: URL" : photo;
}

/** A photo's own name, without what leads there. */
export function shortName(photo: string): string {
  const name = photoName(photo);
  if (name !== photo) return name;
  const path = /^(https?|file):/i.test(photo) && URL.canParse(photo)
    ? decoded(new URL(photo).pathname)
    : photo;
  return path.split(/[/\\]/).findLast((part) => part !== "") ?? photo;
}

/**
 * An explanation in one line, for people.
 *
 * @param photo As it was asked for.
 * @param explanation What was found.
 * @param reported What was written, and whether boxes are asked for.
 */
export function reportLine(
  photo: string,
  explanation: Explanation,
  { saved, regions }: Reported,
): string {
  const parts = [
    explanation.maps.map((map) => mapText(map, explanation, regions)).join("; "),
    `layer ${explanation.layer}`,
    backendText(explanation.backend),
    `${Math.round(explanation.times["total"] ?? 0)} ms`,
  ];
  const files = saved.map(({ path }) => path === "-" ? "standard output" : path).join(", ");
  return `${cut(photoName(photo), Infinity)}: ${parts.join(" · ")}${files === "" ? "" : ` → ${files}`}`;
}

/**
 * What a person should know of an explanation: its warnings, and what to do about maps that mean nothing.
 */
export function warningsOf(explanation: Explanation): string[] {
  const doubts = explanation.maps.filter(({ diagnosis }) => diagnosis !== "ok").map((map) =>
    `The map of ${classText(map, explanation)} is ${map.diagnosis}: ${map.advice}`
  );
  return [...explanation.warnings, ...doubts];
}

/**
 * An explanation as one line of JSON: all of it but the numbers of the maps, which `--save json` writes.
 *
 * @param source The photo as it was asked for.
 * @param explanation What was found.
 * @param reported What was written, and whether boxes are asked for.
 */
export function jsonLine(source: string, explanation: Explanation, { saved, regions }: Reported): string {
  const leaveOutNumbers = (key: string, value: unknown) => key === "data" ? undefined : value;
  const all = plainExplanation(explanation, { boxes: regions !== undefined, ...regions }) as object;
  return JSON.stringify({ source: photoName(source), ...all, saved }, leaveOutNumbers);
}
