import { photosCsv, summaryCsv } from "../evaluate/csv.ts";
import type { EvaluatedPhoto } from "../evaluate/evaluated.ts";
import type { EvaluationSummary, ExamplePicture } from "../evaluate/summary.ts";
import { reportHtml } from "../report/report.ts";
import { writeWhole } from "../platform/write.ts";
import { pathIn } from "./destination.ts";

/** The name of the journal. */
export const journalName = "results.ndjson";

/** What an evaluation is written from. */
export interface WrittenEvaluation {
  readonly summary: EvaluationSummary;
  readonly photos: readonly EvaluatedPhoto[];
  readonly pictures: readonly ExamplePicture[];
}

/** A file of an evaluation. */
interface EvaluationFile {
  readonly name: string;
  make(evaluation: WrittenEvaluation): string;
}

/** The files that an evaluation is written to, besides its journal. */
export const evaluationFiles: readonly EvaluationFile[] = [
  { name: "evaluation.json", make: ({ summary }) => `${JSON.stringify(summary, null, 1)}\n` },
  { name: "evaluation.csv", make: ({ summary }) => summaryCsv(summary) },
  { name: "photos.csv", make: ({ photos }) => photosCsv(photos) },
  { name: "report.html", make: ({ summary, pictures }) => reportHtml(summary, pictures) },
];

/**
 * Write an evaluation, each file whole or not at all.
 *
 * @returns The paths.
 * @throws {OutputError} If one cannot be written.
 */
export async function writeEvaluation(folder: string, evaluation: WrittenEvaluation): Promise<string[]> {
  const paths: string[] = [];
  for (const { name, make } of evaluationFiles) {
    const path = pathIn(folder, name);
    await writeWhole(path, new TextEncoder().encode(make(evaluation)));
    paths.push(path);
  }
  return paths;
}
