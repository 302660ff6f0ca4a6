import { quote } from "../base/quote.ts";
import type { GradcamOptions } from "../explain/gradcam_options.ts";
import { chooseEncoding, type EncodingOptions } from "../draw/encodings/mod.ts";
import { type Rendering, renderings } from "../draw/renderings/mod.ts";
import { checkSides, type SideOptions } from "../draw/scale_photo.ts";
import type { EncodeOptions } from "../explain/explanation.ts";
import type { OtherInputs } from "../explain/other_inputs.ts";
import { formatOfPath, renderingOfPath } from "./destination.ts";
import { saveNothing } from "./options/result.ts";
import type { Box } from "../explain/region.ts";
import { readSettings } from "./method_options.ts";
import {
  locationRule,
  readNamedInput,
  readNamedNumbers,
  readNumbers,
  readSize,
  splitList,
} from "./option.ts";
import { readPreprocessing } from "../input/preprocess_text.ts";
import { readGrid } from "../base/token_grid.ts";
import { readRange } from "../input/range_text.ts";
import { findThreshold } from "../regions/mod.ts";
import { UsageError } from "./usage_error.ts";
import type { Values } from "./values.ts";

/** What the command line asks for, as the library takes it. */
export interface ExplainRequest {
  /** Paths, URLs or `-`. */
  readonly photos: readonly string[];
  /** The model's path or URL; the embedded one if left out. */
  readonly model: string | undefined;
  /** The path or URL of the model's weights, where they are to be those of another file. */
  readonly weights: string | undefined;
  /** Classes of the model's layers that leave their input as it is. */
  readonly identity: readonly string[];
  /** The path or URL of the labels file. */
  readonly labels: string | undefined;
  /** The path or URL of a mask, where the region is one. */
  readonly mask: string | undefined;
  /** What to explain, and how. */
  readonly options: GradcamOptions;
  /** How results are drawn, and how pictures are written. */
  readonly drawing: EncodeOptions;
  /** What to save. */
  readonly kinds: readonly Rendering[];
  /** How many columns the grid of all photos has, where there is one. */
  readonly grid: number | undefined;
  /** Whether each photo gets a trust card. */
  readonly card: boolean;
  /** How many classes of each photo are explained. */
  readonly classes: number;
  /** The methods, each of which makes a map of each of them. */
  readonly methods: readonly string[];
  /** Where to save. */
  readonly out: string | undefined;
  /** Whether folders inside folders are gone through. */
  readonly recursive: boolean;
  /** Whether photos are passed over whose results are there. */
  readonly skipExisting: boolean;
  /** How many photos to explain at once; chosen by their number if left out. */
  readonly jobs: number | undefined;
  /** Whether standard output has a line of JSON a photo. */
  readonly json: boolean;
  /** Whether only errors are printed. */
  readonly quiet: boolean;
  /** Whether errors are printed with their stack. */
  readonly debug: boolean;
}

function isWholeNumber(text: string): boolean {
  return /^-?\d+$/.test(text);
}

/** An index, or else a name. */
function asIndex(text: string | undefined): number | string | undefined {
  return text !== undefined && isWholeNumber(text) ? Number(text) : text;
}

function readBox(text = ""): Box | undefined {
  const [x, y, width, height] = readNumbers(text) ?? [];
  return height === undefined ? undefined : { x: x!, y: y!, width: width!, height };
}

/** What goes into other inputs of the model: numbers, or the path or URL of a photo. */
function readInputs(values: Values): Record<string, number[] | string> {
  const numbers = values.texts("input-values").map((text) => readNamedNumbers(text)!);
  const inputs = [...numbers, ...values.texts("inputs").map((text) => readNamedInput(text)!)];
  const names = inputs.map(([name]) => name);
  const twice = names.find((name, index) => names.indexOf(name) < index);
  if (twice !== undefined) {
    const option = values.texts("inputs").length > 0 ? "--inputs" : "--input-values";
    throw new UsageError(`Cannot use ${option} for ${quote(twice)} twice: separate its values by commas`);
  }
  return Object.fromEntries(inputs);
}

/** What goes into other inputs, the photos among it read: once, for all photos that are explained. */
export async function readInputPhotos(
  { inputs = {}, ...options }: GradcamOptions,
  signal: AbortSignal,
): Promise<OtherInputs> {
  if (!Object.values(inputs).some((value) => typeof value === "string")) return inputs;
  const { readOtherPhotos } = await import("../explain/other_photos.ts");
  return await readOtherPhotos(inputs, { ...options, signal });
}

/** A photo to be like is read once for all photos too. */
export async function readLike(
  { like, ...options }: GradcamOptions,
  signal: AbortSignal,
): Promise<GradcamOptions["like"]> {
  if (like === undefined) return undefined;
  const { readLike: read } = await import("../explain/like.ts");
  return await read(like, { ...options, signal });
}

/** Whether negative values are cut off; left to the method where nothing is said. */
function readRelu(values: Values): boolean | undefined {
  if (values.flag("relu")) return true;
  return values.flag("no-relu") ? false : undefined;
}

/** Where to compute. */
export function readBackend(values: Values): Pick<GradcamOptions, "backend" | "threads"> {
  return { backend: values.text("backend") as GradcamOptions["backend"], threads: values.number("threads") };
}

/** What to save of each photo: as asked for, else nothing but the grid or the card, else as the ending of `--out` says, else the overlay. */
function readKinds(values: Values): Rendering[] {
  const out = values.text("out");
  const save = values.text("save");
  const hasGrid = values.number("columns") !== undefined;
  const hasCard = values.flag("card");
  if (save === undefined && (hasGrid || hasCard)) return [];
  if (save === undefined) return [(out && renderingOfPath(out)) || renderings[0]!];
  const names = splitList(save);
  if (!names.includes(saveNothing)) {
    return names.map((name) => renderings.find((rendering) => rendering.name === name)!);
  }
  if (names.length > 1) {
    throw new UsageError(`Cannot use --save ${quote(save)}: "${saveNothing}" stands alone`);
  }
  if (out !== undefined && !hasGrid && !hasCard) {
    throw new UsageError(`Cannot use --out ${quote(out)}: --save none saves nothing`);
  }
  return [];
}

/** How pictures are written: as asked for, else as the ending of `--out` says. */
function readEncoding(values: Values): EncodingOptions {
  const format = values.text("format") as EncodingOptions["format"] ?? formatOfPath(values.text("out") ?? "");
  const quality = values.number("quality");
  refuseWrong(() => chooseEncoding({ format, quality }));
  return { format, quality };
}

/** How large pictures are drawn. */
function readSides(values: Values): SideOptions {
  const sides = { minSide: values.number("min-side"), maxSide: values.number("max-side") };
  refuseWrong(() => checkSides(sides));
  return sides;
}

/** @throws {UsageError} For what options that do not go together throw. */
function refuseWrong(check: () => void): void {
  try {
    check();
  } catch (error) {
    throw error instanceof RangeError ? new UsageError(error.message) : error;
  }
}

/** @throws {UsageError} If a card is asked for of what is not one map. */
function checkCard(values: Values): void {
  if (!values.flag("card")) return;
  const several = [
    ["class", new Set(values.texts("class")).size],
    ["top", values.number("top") ?? 1],
    ["method", splitList(values.text("method") ?? "").length],
    ["layer", new Set(values.texts("layer")).size],
  ] as const;
  const [name] = several.find(([_, count]) => count > 1) ?? [];
  if (name !== undefined) {
    throw new UsageError(`Cannot use --card with several of --${name}: a card is of one map: name one`);
  }
  if (values.flag("augment")) {
    throw new UsageError(
      "Cannot use --card with --augment: a card is of one map, and not of a mean of several",
    );
  }
}

function checkTogether(values: Values): void {
  if (values.text("top") !== undefined && values.texts("class").length > 0) {
    throw new UsageError("Cannot use --top with --class: --top is for when no class is named");
  }
  if (values.flag("relu") && values.flag("no-relu")) {
    throw new UsageError("Cannot use --relu with --no-relu: use one of them");
  }
  if (values.text("out") === "-" && values.flag("json")) {
    throw new UsageError("Cannot use --out - with --json: both write to standard output");
  }
  for (const photo of values.operands) {
    const problem = locationRule.problem(photo);
    if (problem !== undefined) throw new UsageError(`Cannot read ${quote(photo)}: ${problem}`);
  }
  checkCard(values);
  const savesNothing = values.text("save") === saveNothing && !values.flag("card");
  if (values.flag("skip-existing") && (values.text("out") === "-" || savesNothing)) {
    throw new UsageError("Cannot use --skip-existing where nothing is written to files");
  }
  if (values.flag("skip-existing") && values.number("columns") !== undefined) {
    throw new UsageError("Cannot use --skip-existing with --columns: a grid is of all photos");
  }
  if (values.operands.filter((photo) => photo === "-").length > 1) {
    throw new UsageError("Cannot read standard input twice: give - once");
  }
}

/** @throws {UsageError} If something is to be saved that none of the methods makes. */
function checkKinds(kinds: readonly Rendering[], methods: readonly string[]): void {
  for (const { name, methods: makers } of kinds) {
    if (!makers || makers.some((maker) => methods.includes(maker))) continue;
    throw new UsageError(
      `Cannot save ${name} of ${methods.join(", ")}: use --method ${makers.join(" or ")}`,
    );
  }
}
const megabyte = 1_000_000;

/** Refuse a threshold that nothing is found by, and a number for one that takes none. */
function checkRegions(values: Values): void {
  const [threshold, level] = [values.text("threshold"), values.number("level")];
  const named = threshold !== undefined ? "--threshold" : level !== undefined ? "--level" : undefined;
  if (named && !values.flag("boxes")) throw new UsageError(`Cannot use ${named} without --boxes: add it`);
  if (threshold === undefined || level === undefined) return;
  if (findThreshold(threshold).level !== undefined) return;
  throw new UsageError(`Cannot use --level with --threshold ${threshold}: it finds the value itself`);
}

/**
 * What the command line asks for.
 *
 * @throws {UsageError} If options do not go together.
 */
export function readExplainRequest(values: Values): ExplainRequest {
  checkTogether(values);
  const classes = values.texts("class");
  const layers = [...new Set(values.texts("layer"))];
  const methods = splitList(values.text("method") ?? "gradcam");
  const [size, region, preprocess, range, grid] = ["size", "region", "preprocess", "range", "grid"]
    .map((name) => values.text(name));
  const decodingMemory = values.number("max-decoding-memory");
  // The rules of these options hold their values to what the library takes.
  const options = {
    layer: layers.length > 1 ? layers : layers[0],
    grid: grid === undefined ? undefined : readGrid(grid),
    tokens: values.number("tokens"),
    classIndex: classes.filter(isWholeNumber).map(Number),
    label: classes.filter((name) => !isWholeNumber(name)),
    top: values.number("top"),
    score: values.text("score"),
    relu: readRelu(values),
    scale: values.text("scale"),
    smooth: values.text("smooth"),
    augment: values.flag("augment") || undefined,
    counterfactual: values.flag("counterfactual") || undefined,
    method: methods,
    settings: readSettings(values),
    target: values.text("target"),
    versus: values.text("versus"),
    nearest: values.number("nearest"),
    contrast: values.number("contrast"),
    like: values.text("like"),
    box: values.number("box"),
    output: asIndex(values.text("output")),
    preprocess: preprocess === undefined ? undefined : readPreprocessing(preprocess),
    fit: values.text("fit"),
    range: range === undefined ? undefined : readRange(range),
    size: size === undefined ? undefined : readSize(size),
    input: asIndex(values.text("input")),
    inputs: readInputs(values),
    region: readBox(region),
    maxPixels: values.number("max-pixels"),
    maxPhotoSide: values.number("max-photo-side"),
    maxDecodingBytes: decodingMemory === undefined ? undefined : decodingMemory * megabyte,
    ...readBackend(values),
  } as GradcamOptions;
  const kinds = readKinds(values);
  checkKinds(kinds, methods);
  checkRegions(values);
  return {
    photos: values.operands,
    model: values.text("model"),
    weights: values.text("weights"),
    identity: values.texts("identity"),
    labels: values.text("labels"),
    mask: region !== undefined && readBox(region) === undefined ? region : undefined,
    options,
    drawing: {
      colormap: values.text("colormap"),
      opacity: values.text("opacity"),
      alpha: values.number("alpha"),
      contour: values.flag("contour"),
      boxes: values.flag("boxes"),
      threshold: values.text("threshold"),
      level: values.number("level"),
      ...readSides(values),
      ...readEncoding(values),
    } as EncodeOptions,
    kinds,
    grid: values.number("columns"),
    card: values.flag("card"),
    classes: values.text("target") === "sum" ? 1 : values.number("top") ?? Math.max(new Set(classes).size, 1),
    methods,
    out: values.text("out"),
    recursive: values.flag("recursive"),
    skipExisting: values.flag("skip-existing"),
    jobs: values.number("jobs"),
    json: values.flag("json"),
    quiet: values.flag("quiet"),
    debug: values.flag("debug"),
  };
}
