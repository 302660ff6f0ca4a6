import type { BackendInfo } from "../../backends/mod.ts";
import { decoded } from "../base/decoded.ts";
import type { ClassMap, Explanation } from "../explain/explanation.ts";
import { scoreText } from "../base/score_text.ts";
import { cut } from "../base/quote.ts";
import type { TrustCard } from "../report/card/trust_card.ts";
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

function classText(map: ClassMap, { unit }: Explanation): string {
  const { label, classIndex, target, value } = map;
  if (target !== undefined) return `${target} ${value?.toFixed(3)}`;
  const unnamed = unit === "regression" ? "regression" : `class ${classIndex}`;
  return `${label ? `${label} (${classIndex})` : unnamed} ${scoreText(map)}`;
}

/** A class, and where the model looked for it. */
function mapText(map: ClassMap, explanation: Explanation): string {
  const where = describeWhere(map, explanation);
  const by = explanation.maps.some(({ method }) => method !== map.method) ? ` by ${map.method}` : "";
  const text = classText(map, explanation) + by;
  return where === undefined ? text : `${text}, looked mostly at the ${where}`;
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
 * @param saved What was written.
 */
export function reportLine(photo: string, explanation: Explanation, saved: readonly SavedFile[]): string {
  const parts = [
    explanation.maps.map((map) => mapText(map, explanation)).join("; "),
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
 * @param saved What was written.
 * @param card Its trust card, where it has one.
 */
export function jsonLine(
  source: string,
  explanation: Explanation,
  saved: readonly SavedFile[],
  card?: TrustCard,
): string {
  const leaveOutNumbers = (key: string, value: unknown) => key === "data" ? undefined : value;
  return JSON.stringify({ source: photoName(source), ...explanation.toJSON(), saved, card }, leaveOutNumbers);
}
