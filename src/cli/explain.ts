import { BackendError, ClassNotFoundError, LayerNotFoundError, ModelError, RegionError } from "../errors.ts";
import type { GradcamOptions, ImageInput } from "../gradcam.ts";
import type { ExplainableModel } from "../split/mod.ts";
import type { Command } from "./command.ts";
import { chooseDestination, type Destination } from "./destination.ts";
import { explainOptions } from "./explain_options.ts";
import { type ExplainRequest, readExplainRequest } from "./explain_request.ts";
import { Interrupted } from "./interrupted.ts";
import type { CliIo } from "./io.ts";
import { uniqueStems } from "./output_names.ts";
import { Reporter } from "./reporter.ts";
import { refuseToOverwrite, saveResults } from "./save.ts";
import { openModel } from "./session.ts";
import { UsageError } from "./usage_error.ts";
import type { Values } from "./values.ts";
import { prepareFolder } from "./writable.ts";

/** Find out where results go. */
async function findDestination(request: ExplainRequest, io: CliIo): Promise<Destination> {
  const { out, kinds, photos, classes } = request;
  const destination = await chooseDestination({ out, kinds, photos: photos.length, classes });
  if (destination.kind === "stdout" && io.stdout.columns !== undefined && kinds[0]?.draw) {
    throw new UsageError("Cannot print a picture on a terminal: redirect it, as in --out - > map.png");
  }
  if (destination.kind === "file") await refuseToOverwrite(destination.path, photos);
  return destination;
}

async function readPhoto(photo: string, io: CliIo): Promise<ImageInput> {
  return photo === "-" ? await new Response(io.stdin).bytes() : photo;
}

/** A mask is read once for all photos. */
async function readMask(
  { mask, options: { maxPixels } }: ExplainRequest,
  signal: AbortSignal,
): Promise<Pick<GradcamOptions, "region">> {
  if (mask === undefined) return {};
  const { readRegion } = await import("../region.ts");
  return { region: await readRegion(mask, { maxPixels, signal }) };
}

/** Whether an error would meet every photo: what was asked for is not in the model or on this machine. */
function isHopeless(error: unknown): boolean {
  if (error instanceof RegionError) return false; // the next photo may be larger
  return error instanceof LayerNotFoundError || error instanceof ClassNotFoundError ||
    error instanceof ModelError || error instanceof BackendError || error instanceof RangeError;
}

/** Explain the photos one after the other; one that fails does not stop the others. */
async function explainPhotos(
  model: ExplainableModel,
  request: ExplainRequest,
  destination: Destination,
  reporter: Reporter,
  io: CliIo,
): Promise<number> {
  const { gradcam } = await import("../gradcam.ts");
  const { photos, options, kinds, drawing } = request;
  const stems = uniqueStems(photos);
  let failures = 0;
  for (const [done, photo] of photos.entries()) {
    if (io.signal.aborted) throw new Interrupted(`Interrupted: ${done} of ${photos.length} photos done`);
    await reporter.progress(done, photo);
    try {
      const explanation = await gradcam(model, await readPhoto(photo, io), { ...options, signal: io.signal });
      const plan = { destination, kinds, drawing, photos, stdout: io.stdout };
      const saved = await saveResults(explanation, stems[done]!, plan);
      await reporter.success(photo, explanation, saved);
    } catch (error) {
      if (io.signal.aborted || error instanceof Deno.errors.BrokenPipe) throw error;
      if (isHopeless(error) && failures === done) throw error; // none has succeeded yet
      await reporter.failure(photo, error);
      failures++;
    }
  }
  return failures > 0 ? 1 : 0;
}

async function explainAll(
  request: ExplainRequest,
  destination: Destination,
  io: CliIo,
): Promise<number> {
  const reporter = new Reporter(io, {
    photos: request.photos.length,
    json: request.json,
    quiet: request.quiet,
    debug: request.debug,
    stdoutTaken: destination.kind === "stdout",
  });
  const region = await readMask(request, io.signal);
  const model = await openModel(request, io.signal);
  try {
    const options = { ...request.options, ...region };
    return await explainPhotos(model, { ...request, options }, destination, reporter, io);
  } finally {
    await reporter.end();
    model.dispose();
  }
}

async function run(values: Values, io: CliIo): Promise<number> {
  const request = readExplainRequest(values);
  const destination = await findDestination(request, io);
  const folder = request.kinds.length > 0 ? await prepareFolder(destination) : undefined;
  try {
    return await explainAll(request, destination, io);
  } finally {
    await folder?.removeIfUnused();
  }
}

/** `gradcam PHOTO...`: show where the model looked. It runs when no command is named. */
export const explainCommand: Command = {
  name: "explain",
  summary: "Show where in a picture the model looked (when no command is named)",
  operands: {
    usage: "PHOTO...",
    min: 1,
    max: Infinity,
    missing: "No photo given: try gradcam photo.jpg, or gradcam --help",
  },
  options: explainOptions,
  notes: [
    "PHOTO is a file, a URL, or - for standard input. Each result is written to the current folder as " +
    "NAME.gradcam.png, with several kinds NAME.KIND.png, with several classes NAME.CLASS.gradcam.png; photos " +
    "of the same name are numbered. Photos are never overwritten.",
    "--json prints all that --save json holds, but for the numbers of the maps, and the files written; a photo " +
    "that failed has its error there. The exit code is 0 if all went well, 1 if a photo failed (the others are " +
    "done), 2 if the command line is wrong, 130 if interrupted.",
  ],
  examples: [
    { what: "What is it, and where? Writes cat.gradcam.png", line: "cat.jpg" },
    {
      what: "Where is the tabby, and where the tiger cat?",
      line: 'cat.jpg --class tabby --class "tiger cat"',
    },
    { what: "Your own model, all photos of a folder", line: "--model model.json --out maps/ photos/*.jpg" },
    { what: "A finer map, from an inner layer", line: "cat.jpg --layer block10_add --colormap turbo" },
    {
      what: "A model that takes any size and a number too",
      line: "scan.png --model model.keras --size 512x384 --input-values age=0.4",
    },
    {
      what: "Why is there so much road in this part of a segmentation?",
      line: "street.jpg --model model.keras --class road --layer block5 --region 0,200,640,160",
    },
    { what: "From one program to another", line: "- --out - --quiet < cat.jpg > map.png" },
    { what: "Only the classes, as JSON", line: "--save none --json *.jpg" },
  ],
  run,
};
