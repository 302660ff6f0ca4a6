import type { RegionOptions } from "../explain/explanation.ts";
import type { GradcamOptions } from "../explain/gradcam_options.ts";
import type { Command } from "./command.ts";
import type { CardModel } from "./card_model.ts";
import { chooseDestination, type Destination } from "./destination.ts";
import { explainOptions } from "./explain_options.ts";
import { type ExplainRequest, readExplainRequest, readInputPhotos, readLike } from "./explain_request.ts";
import type { GridSheets } from "./grid.ts";
import type { CliIo } from "./io.ts";
import { methodTables } from "./method_options.ts";
import { countJobs } from "./jobs/count.ts";
import type { PhotoPool } from "./jobs/photo_pool.ts";
import { explainHere, explainInPool, intoGrid, reportAll } from "./jobs/results.ts";
import { leaveOutExisting, type OpenRequest } from "./open_request.ts";
import { expandFolders } from "./photos.ts";
import { Reporter } from "./reporter.ts";
import { refuseToOverwrite } from "./save.ts";
import { type OpenedModel, openForJobs } from "./session.ts";
import type { ExplainableModel } from "../split/model.ts";
import { UsageError } from "./usage_error.ts";
import type { Values } from "./values.ts";
import { prepareFolder } from "./writable.ts";

/** Find out where results go. */
async function findDestination(request: ExplainRequest, io: CliIo): Promise<Destination> {
  const { out, kinds, photos, classes, methods, mask, grid, card, options, drawing: { format } } = request;
  const { inputs = {}, like } = options;
  const destination = await chooseDestination({
    out,
    kinds,
    photos: photos.length,
    maps: classes * methods.length,
    format,
    isGrid: grid !== undefined,
    hasCards: card,
  });
  const isPicture = grid !== undefined || kinds[0]?.draw;
  if (destination.kind === "stdout" && io.stdout.columns !== undefined && isPicture) {
    throw new UsageError("Cannot print a picture on a terminal: redirect it, as in --out - > map.png");
  }
  if (destination.kind === "file") {
    const others = [...Object.values(inputs), mask, like].filter((value) => typeof value === "string");
    await refuseToOverwrite(destination.path, [...photos, ...others]);
  }
  return destination;
}

/** A mask is read once for all photos, and so are photos for other inputs. */
async function readOnce(
  { mask, options }: ExplainRequest,
  signal: AbortSignal,
): Promise<Pick<GradcamOptions, "region" | "inputs" | "like">> {
  const inputs = await readInputPhotos(options, signal);
  const like = await readLike(options, signal);
  if (mask === undefined) return { inputs, like };
  const { readRegion } = await import("../explain/region.ts");
  return { inputs, like, region: await readRegion(mask, { ...options, signal }) };
}

async function startPool(jobs: number, request: ExplainRequest): Promise<PhotoPool | undefined> {
  if (jobs === 1) return undefined;
  const { PhotoPool } = await import("./jobs/photo_pool.ts");
  const { backend, threads } = request.options;
  return new PhotoPool(jobs, { backend, threads });
}

/** Begin the grid, if there is to be one. */
async function startGrid(
  request: OpenRequest,
  destination: Destination,
  { stdout }: CliIo,
): Promise<GridSheets | undefined> {
  const { grid: columns, photos, classes, methods, drawing } = request;
  if (columns === undefined) return undefined;
  const { GridSheets } = await import("./grid.ts");
  const maps = classes * methods.length;
  return await GridSheets.begin({ columns, photos, maps, destination, drawing, stdout });
}

/** What photos cost that workers explain; where they are explained here, each is told of when the model has been run. */
async function tellCost(
  model: ExplainableModel,
  { options, classes }: OpenRequest,
  reporter: Reporter,
): Promise<void> {
  const { expectPlan } = await import("../explain/expected_plan.ts");
  const plan = expectPlan(model, options, classes);
  if (plan) reporter.cost(plan);
}

/** What cards say of the model. */
async function describeModel({ model, files }: OpenedModel): Promise<CardModel> {
  const { hashOf } = await import("../evaluate/open_models.ts");
  return { modelName: model.name, modelHash: files && await hashOf(files.shared()) };
}

async function explainAll(
  request: OpenRequest,
  destination: Destination,
  reporter: Reporter,
  io: CliIo,
): Promise<number> {
  const { photos } = request;
  const once = await readOnce(request, io.signal);
  const grid = await startGrid(request, destination, io);
  const jobs = countJobs(request, destination);
  const pool = await startPool(jobs, request);
  let opened: OpenedModel | undefined;
  try {
    opened = await openForJobs(request, jobs, io.signal);
    const cards = request.card ? await describeModel(opened) : undefined;
    await reporter.notes(opened.model.assumptions ?? []);
    io.hearInterruptions?.();
    if (pool && opened.files) await tellCost(opened.model, request, reporter);
    const whole = { ...request, options: { ...request.options, ...once } };
    const results = pool && opened.files
      ? explainInPool(pool, opened, whole, destination, io.signal)
      : explainHere(opened.model, whole, destination, { io, reporter, cards });
    const told = grid ? intoGrid(results, photos, grid, reporter) : results;
    const code = await reportAll(told, photos, reporter, io);
    const sheet = await grid?.finish();
    if (sheet) await reporter.sheet(sheet);
    return code;
  } finally {
    await pool?.stop();
    await reporter.end();
    if (!pool || !opened?.files) opened?.model.dispose();
  }
}

/** What belongs to a region of a map, where boxes are asked for. */
function regionsOf({ drawing: { boxes, threshold, level } }: ExplainRequest): RegionOptions | undefined {
  return boxes ? { threshold, level } : undefined;
}

async function run(values: Values, io: CliIo): Promise<number> {
  const given = readExplainRequest(values);
  const { photos, notes } = await expandFolders(given.photos, given.recursive);
  const places = photos.length * given.classes * given.methods.length;
  const all = { ...given, photos, grid: given.grid && Math.min(given.grid, places) };
  const destination = await findDestination(all, io);
  const request = await leaveOutExisting(all, destination);
  const { json, quiet, debug, skipped } = request;
  const stdoutTaken = destination.kind === "stdout";
  const reporter = new Reporter(io, {
    photos: request.photos.length,
    skipped,
    json,
    quiet,
    debug,
    stdoutTaken,
    regions: regionsOf(request),
  });
  await reporter.notes(notes);
  if (request.photos.length === 0) {
    await reporter.sum();
    return 0;
  }
  const folder = request.kinds.length > 0 || request.grid !== undefined || request.card
    ? await prepareFolder(destination)
    : undefined;
  try {
    const code = await explainAll(request, destination, reporter, io);
    await reporter.sum();
    return code;
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
  tables: methodTables,
  notes: [
    "PHOTO is a file, a folder of photos, a URL, or - for standard input. Each result is written to the current folder as " +
    "NAME.gradcam.png, with several kinds NAME.KIND.png, with several classes NAME.CLASS.gradcam.png, with several " +
    "methods NAME.METHOD.gradcam.png; photos " +
    "of the same name are numbered. Photos are never overwritten.",
    "With --columns all photos are drawn in one picture, grid.gradcam.png or what --out names, and have no files of their own " +
    "unless --save says which; more than some 200 go on in grid-2.gradcam.png. The place of a photo that failed stays empty.",
    "A last line sums up several photos. With --skip-existing those are passed over whose results are there, so that a run " +
    "can be gone on with; a disk that is full ends it.",
    "--json prints all that --save json holds, but for the numbers of the maps, and the files written; a photo " +
    "that failed has its error there, and a grid a line of its own. The exit code is 0 if all went well, 1 if a photo failed (the others are " +
    "done), 2 if the command line is wrong, 130 if interrupted.",
  ],
  examples: [
    { what: "What is it, and where? Writes cat.gradcam.png", line: "cat.jpg" },
    {
      what: "Where is the tabby, and where the tiger cat?",
      line: 'cat.jpg --class tabby --class "tiger cat"',
    },
    { what: "Your own model, all photos of a folder", line: "--model model.json --out maps/ photos/*.jpg" },
    { what: "Why the tabby and not the tiger cat?", line: 'cat.jpg --class tabby --versus "tiger cat"' },
    {
      what: "Several methods, side by side in one picture",
      line: "cat.jpg --method gradcam,layercam,eigencam --save panel",
    },
    { what: "A finer map, from an inner layer", line: "cat.jpg --layer block10_add --colormap turbo" },
    {
      what: "A model that takes any size and a number too",
      line: "scan.png --model model.keras --size 512x384 --input-values age=0.4",
    },
    {
      what: "A model that compares two photos: what in the first?",
      line: "before.jpg --model model.keras --inputs after=after.jpg",
    },
    {
      what: "Why is there so much road in this part of a segmentation?",
      line: "street.jpg --model model.keras --class road --layer block5 --region 0,200,640,160",
    },
    {
      what: "A folder and all in it; what is done is not done again",
      line: "photos/ -r --skip-existing --out maps/",
    },
    {
      what: "All photos of a folder in one picture, four in a row",
      line: "photos/ --columns 4 --out sheet.png",
    },
    { what: "A thousand photos, on four cores", line: "--jobs 4 --out maps/ photos/*.jpg" },
    { what: "From one program to another", line: "- --out - --quiet < cat.jpg > map.png" },
    { what: "Can this map be trusted? Writes cat.card.png, .html and .json", line: "cat.jpg --card" },
    { what: "Only the classes, as JSON", line: "--save none --json *.jpg" },
  ],
  run,
};
