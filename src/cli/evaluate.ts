import { cut } from "../base/quote.ts";
import type { EvaluatedPhoto } from "../evaluate/evaluated.ts";
import type { EvaluationPlan, EvaluationRun } from "../evaluate/evaluate_options.ts";
import type { EvaluationSummary, ExamplePicture } from "../evaluate/summary.ts";
import type { Command } from "./command.ts";
import { evaluateHeading } from "./evaluate_heading.ts";
import { pathIn } from "./destination.ts";
import { journalName, writeEvaluation } from "./evaluate_files.ts";
import { evaluateOptions, metricTables } from "./evaluate_options.ts";
import { type EvaluateRequest, readEvaluateRequest } from "./evaluate_request.ts";
import { evaluationText } from "./evaluate_table.ts";
import { Interrupted } from "./interrupted.ts";
import type { CliIo } from "./io.ts";
import { methodTables } from "./method_options.ts";
import { expandFolders } from "./photos.ts";
import { ProgressBar } from "./progress.ts";
import { printError } from "./reporter.ts";
import { readLabels } from "./session.ts";
import { UsageError } from "./usage_error.ts";
import type { Values } from "./values.ts";
import { prepareFolder } from "./writable.ts";

/** With fewer photos for each, workers take longer to start than they save. */
const photosPerJob = 4;

/** How many workers there are: as many as asked for, else as many as there are cores where the photos are many. */
function countJobs({ options: { jobs, backend } }: EvaluateRequest, photos: number): number {
  if (jobs !== undefined && jobs > 1 && backend === "webgpu") {
    throw new UsageError(`Cannot use --jobs ${jobs}: the GPU serves one at a time`);
  }
  if (jobs !== undefined) return Math.min(jobs, Math.max(photos, 1));
  if (backend === "webgpu") return 1;
  return Math.max(Math.min(navigator.hardwareConcurrency, Math.floor(photos / photosPerJob)), 1);
}

/** What the photos came to, and what was gone through. */
interface Gone {
  readonly photos: readonly EvaluatedPhoto[];
  readonly plan: EvaluationPlan;
}

/** Measure all photos, with a bar that says how far it is. */
async function measureAll(
  request: EvaluateRequest,
  paths: readonly string[],
  io: CliIo,
  debug: boolean,
): Promise<Gone> {
  const { options, out, quiet } = request;
  io.hearInterruptions?.();
  const { evaluate } = await import("../evaluate/evaluate.ts");
  const labels = request.labels === undefined ? undefined : await readLabels(request.labels, io.signal);
  const total = Math.min(paths.length, options.limit ?? Infinity);
  const jobs = countJobs(request, total);
  const isAlone = jobs === 1;
  let told: { readonly plan: EvaluationPlan; readonly run: EvaluationRun } | undefined;
  let bar: ProgressBar | undefined;
  const nextName = (done: number) => cut(paths[done] ?? "");
  const photos: EvaluatedPhoto[] = [];
  const results = evaluate(paths, {
    ...options,
    jobs,
    signal: io.signal,
    ...labels && { labels },
    ...options.jobs === 1 && options.threads === undefined && { threads: 1 }, // as each of several would have
    ...out !== undefined && { journal: pathIn(out, journalName) },
    ...isAlone && { onProgress: (work) => bar?.work(work, nextName(photos.length)) },
    onBegin: (plan, run) => told = { plan, run },
  });
  try {
    for await (const photo of results) {
      photos.push(photo);
      const { done } = told!.run;
      if (photos.length <= done) continue; // of before
      await bar?.clear();
      if (photo.error) await printError(io.stderr, asError(photo.error), debug, photo.photo);
      if (!quiet) {
        bar ??= new ProgressBar(io.stderr, total - done);
        await bar.draw(photos.length - done, nextName(photos.length));
      }
    }
  } catch (error) {
    if (!io.signal.aborted) throw error;
    const next = out === undefined ? "" : ": the same command goes on there";
    throw new Interrupted(`Interrupted: ${photos.length} of ${total} photos done${next}`);
  } finally {
    await bar?.clear();
  }
  return { photos, plan: told!.plan };
}

function asError({ name, message }: { readonly name: string; readonly message: string }): Error {
  const error = new Error(message);
  error.name = name;
  return error;
}

/** The pictures of the best and the worst photos. */
async function drawPictures(
  summary: EvaluationSummary,
  photos: readonly EvaluatedPhoto[],
  paths: readonly string[],
  { maxPixels, maxPhotoSide, maxDecodingBytes, range }: EvaluateRequest["options"],
  signal: AbortSignal,
): Promise<ExamplePicture[]> {
  const [{ drawExamples }, { readImage }] = await Promise.all([
    import("../evaluate/pictures.ts"),
    import("../input/image/read.ts"),
  ]);
  const decoding = { maxPixels, maxPhotoSide, maxDecodingBytes, range, signal };
  return await drawExamples(summary, photos, {
    readPhoto: (index) => readImage(paths[index]!, decoding),
    signal,
  });
}

async function run(values: Values, io: CliIo): Promise<number> {
  const request = readEvaluateRequest(values);
  const { out, quiet, json, choose, options: { times } } = request;
  const { photos: paths, notes } = await expandFolders(request.photos, request.recursive);
  const folder = out === undefined ? undefined : await prepareFolder({ kind: "folder", path: out });
  const tell = async (kind: string, lines: readonly string[]) => {
    for (const line of quiet ? [] : lines) await io.stderr.write(`${kind}: ${line}\n`);
  };
  try {
    await tell("note", notes);
    const { photos, plan } = await measureAll(request, paths, io, values.flag("debug"));
    const { summarise } = await import("../evaluate/summarise.ts");
    const summary = summarise(photos, { plan, choose, times });
    await tell("warning", summary.about.warnings);
    if (out !== undefined) {
      const pictures = await drawPictures(summary, photos, paths, request.options, io.signal);
      const written = await writeEvaluation(out, { summary, photos, pictures });
      await tell("note", [`Written: ${written.join(", ")}`]);
    }
    await io.stdout.write(json ? `${JSON.stringify(summary)}\n` : evaluationText(summary, photos));
    return photos.some(({ error }) => error) ? 1 : 0;
  } finally {
    await folder?.removeIfUnused();
  }
}

/** `gradcam evaluate PHOTO...`, with all that it takes. */
export const wholeEvaluateCommand: Command = {
  ...evaluateHeading,
  options: evaluateOptions,
  tables: [...metricTables, ...methodTables.slice(0, 1)],
  notes: [
    "PHOTO is a file, a folder of photos or a URL. A table of means with their intervals is printed, and what may be concluded. " +
    `With --out the folder gets evaluation.json, evaluation.csv, photos.csv (every number of every map), report.html and ${journalName}, to ` +
    "which each photo is added when it is done: a run that was ended, by whatever, goes on there when the same command is given " +
    "again, and comes to the same bytes.",
    "Without --truth the class with the highest score is explained, and nothing is said of where maps lie; with it, the classes " +
    "that the file names, which are found among the model's labels: as they are, but for capitals and separators, or as one of " +
    "several names that a label lists. What is wrong with the file is told, and the rest is used.",
    "Results do not depend on --jobs or --threads.",
  ],
  examples: [
    {
      what: "Which method for my model? On my own photos",
      line: "evaluate photos/ --model model.keras --choose",
    },
    {
      what: "Two methods on photos with boxes, and a folder of results",
      line: "evaluate photos/ --methods gradcam,layercam --truth boxes.json --out results/",
    },
    {
      what: "Two layers of two models by other metrics",
      line: "evaluate *.jpg --models a.onnx,b.onnx --layers conv4,conv5 --metrics road,entropy",
    },
    {
      what: "Does the method pass the sanity check?",
      line: "evaluate photos/ --methods guidedbackprop,gradcam --metrics modelrandomisation",
    },
  ],
  run,
};
