/**
 * Open what `tools/make_onnx_networks.py` made, and say how far our scores and raw maps are from PyTorch's:
 *
 *     deno run --allow-all tools/check_onnx_networks.ts FOLDER [NAME …] [--backend wasm] [--layers 2]
 *     deno run --allow-all tools/check_onnx_networks.ts FOLDER --table
 *
 * Each file adds a line to results.jsonl; `--table` prints those as a table in Markdown.
 *
 * @module
 */
import * as tf from "@tensorflow/tfjs";
import { parseArgs } from "node:util";
import { type BackendName, selectBackend } from "../backends/mod.ts";
import type { Heatmap } from "../src/base/heatmap.ts";
import { gradcam } from "../src/explain/gradcam.ts";
import { loadModel } from "../src/formats/mod.ts";
import type { ExplainableModel } from "../src/split/model.ts";
import { exists, largestDifference, largestMagnitude, readFloats } from "../src/testing/mod.ts";

/** The largest difference of a score or a map, as a part of the largest one. */
const tolerance = 1e-4;

/** A raw map of PyTorch's. */
interface GoldenMap {
  readonly layer: string;
  readonly height: number;
  readonly width: number;
  /** How its layer holds it: `"spatial"` or `"last"`, or `"tokens"`, and how many of those come first. */
  readonly kind: string;
  readonly prefix: number;
  /** How far it moves there when every pixel is moved by a few roundings, as a part of the largest number. */
  readonly moves: number;
  /** Its numbers, in base64. */
  readonly raw: string;
}

/** What PyTorch gives. */
interface Golden {
  readonly name: string;
  readonly height: number;
  readonly width: number;
  /** Parameters, in millions. */
  readonly millions: number;
  readonly scores: readonly number[];
  readonly classIndex: number;
  readonly moves: number;
  readonly maps: readonly GoldenMap[];
}

/** A map of ours beside PyTorch's. */
interface MapResult {
  readonly layer: string;
  /** As a part of the largest number; infinite where it is of another size. */
  readonly differs: number;
  readonly moves: number;
  /** Set where the model does not tell how tokens lie, and was told. */
  readonly told?: boolean;
  /** Why there is none. */
  readonly error?: string;
}

/** What came of a file. */
interface Result {
  readonly name: string;
  readonly exporter: string;
  readonly millions?: number;
  /** Why the network was left out. */
  readonly left?: string;
  /** Why the exporter failed. */
  readonly export?: string;
  /** Why it is not opened, or not computed. */
  readonly error?: string;
  readonly differs?: number;
  readonly moves?: number;
  /** The layer that is taken when none is named. */
  readonly layer?: string;
  readonly diagnosis?: string;
  readonly maps?: readonly MapResult[];
  /** How long opening it took, in milliseconds. */
  readonly opened?: number;
}

const { values, positionals } = parseArgs({
  options: {
    backend: { type: "string", default: "wasm" },
    layers: { type: "string", default: "2" },
    table: { type: "boolean" },
  },
  allowPositionals: true,
});
const [path, ...names] = positionals;
/** How many named layers are looked at beside the default one. */
const mostLayers = Number(values.layers);
if (path === undefined) {
  console.error("Usage: check_onnx_networks.ts FOLDER [NAME …] [--backend wasm] [--layers N] [--table]");
  Deno.exit(2);
}
const folder = new URL(`file://${await Deno.realPath(path)}/`);
const resultsFile = new URL("results.jsonl", folder);

async function scoresOf(model: ExplainableModel, x: tf.Tensor4D): Promise<ArrayLike<number>> {
  const scores = model.predict(x); // [1, classes]
  try {
    return await scores.data();
  } finally {
    scores.dispose();
  }
}

/** Some of the maps whose layers the model has, from the first to the last. */
function spread(maps: readonly GoldenMap[], model: ExplainableModel): readonly GoldenMap[] {
  const paths = new Set(model.layers.map((layer) => layer.path));
  const known = maps.filter(({ layer }) => paths.has(layer));
  const places = Array.from(
    { length: mostLayers },
    (_, at) => Math.floor((at + 1) * known.length / mostLayers) - 1,
  );
  return [...new Set(places.filter((place) => place >= 0))].map((place) => known[place]!);
}

/** What a model has to be told of a layer's tokens, if it does not know. */
function gridOf(model: ExplainableModel, { layer, kind, height, width, prefix }: GoldenMap) {
  const isKnown = model.layers.find(({ path }) => path === layer)?.tokens !== undefined;
  return isKnown || kind !== "tokens" ? undefined : { grid: [height, width] as const, tokens: prefix };
}

function differenceOf({ data, height, width }: Heatmap, golden: GoldenMap) {
  const isOther = height !== golden.height || width !== golden.width;
  if (isOther) {
    return { differs: Infinity, error: `${height} × ${width}, not ${golden.height} × ${golden.width}` };
  }
  const expected = new Float32Array(Uint8Array.fromBase64(golden.raw).buffer);
  return { differs: largestDifference(data, expected) / largestMagnitude(expected) };
}

async function compareMap(
  model: ExplainableModel,
  x: tf.Tensor4D,
  golden: GoldenMap,
  classIndex: number,
): Promise<MapResult> {
  const { layer, moves } = golden;
  const grid = gridOf(model, golden), row = { layer, moves, ...grid && { told: true } };
  try {
    const { maps: [map] } = await gradcam(model, x, { layer, classIndex, ...grid });
    return { ...row, ...differenceOf(map!.raw, golden) };
  } catch (error) {
    return { ...row, differs: Infinity, error: (error as Error).message };
  }
}

async function compare(model: ExplainableModel, x: tf.Tensor4D, golden: Golden) {
  const differs = largestDifference(await scoresOf(model, x), golden.scores) /
    largestMagnitude(golden.scores);
  const { classIndex } = golden;
  const { layer, diagnosis, maps: [map] } = await gradcam(model, x, { classIndex });
  const own = golden.maps.find((one) => one.layer === layer);
  const maps: MapResult[] = own ? [{ layer, moves: own.moves, ...differenceOf(map!.raw, own) }] : [];
  for (const other of spread(golden.maps, model)) {
    if (other !== own) maps.push(await compareMap(model, x, other, classIndex));
  }
  return { differs, moves: golden.moves, layer, diagnosis, maps };
}

async function measure(golden: Golden, exporter: string): Promise<Result> {
  const { name, millions } = golden;
  const row = { name, exporter, millions };
  const before = tf.memory().numTensors;
  const pixels = await readFloats(new URL(`${name}.input.f32`, folder));
  const x = tf.tensor4d(pixels, [1, golden.height, golden.width, 3]);
  try {
    const file = new URL(`${name}.${exporter}.onnx`, folder);
    const begun = performance.now();
    const model = await loadModel(file, { preprocess: "none" });
    const opened = Math.round(performance.now() - begun);
    try {
      return { ...row, opened, ...await compare(model, x, golden) };
    } finally {
      model.dispose();
    }
  } catch (error) {
    return { ...row, error: (error as Error).message };
  } finally {
    x.dispose();
    const left = tf.memory().numTensors - before;
    if (left !== 0) console.error(`${name} leaves ${left} tensors`);
  }
}

function short(number: number | null | undefined): string {
  return number === undefined ? "" : (number ?? Infinity).toExponential(1);
}

/** The map that differs most. */
function worst(maps: readonly MapResult[] = []): MapResult | undefined {
  return maps.toSorted((a, b) => (b.differs ?? Infinity) - (a.differs ?? Infinity))[0];
}

function formatRow(result: Result): string {
  const { name, exporter, millions, differs, layer, diagnosis, maps = [], opened } = result;
  const least = worst(maps);
  const failure = result.error ?? result.left ?? (result.export && `the exporter fails: ${result.export}`);
  const cells = [
    name,
    exporter,
    millions === undefined ? "" : `${millions.toFixed(1)} M`,
    short(differs),
    short(result.moves),
    least ? `${short(least.differs)} of ${maps.length}` : "",
    short(least?.moves),
    opened === undefined ? "" : `${opened} ms`,
    failure ?? `${layer}${diagnosis === "ok" ? "" : ` (${diagnosis})`}`,
  ];
  return `| ${cells.join(" | ")} |`;
}

const titles = ["network", "exporter", "parameters", "scores differ", "PyTorch's move", "maps differ"];
titles.push("PyTorch's move", "opening", "default layer");

async function readResults(): Promise<readonly Result[]> {
  const lines = (await Deno.readTextFile(resultsFile)).split("\n").filter((line) => line !== "");
  return lines.map((line) => JSON.parse(line) as Result);
}

async function printTable(): Promise<void> {
  console.log(`| ${titles.join(" | ")} |\n|${titles.map(() => " --- |").join("")}`);
  const results = await readResults();
  for (const result of results) console.log(formatRow(result));
  const opened = results.filter(({ differs }) => differs !== undefined);
  const agree = opened.filter(({ differs }) => differs! <= tolerance);
  const maps = opened.flatMap(({ maps }) => maps ?? []);
  const steady = maps.filter(({ differs }) => differs !== null && differs <= tolerance);
  console.log(`\n${agree.length} of ${results.length} files give the scores to ${tolerance}`);
  console.log(`${steady.length} of ${maps.length} maps agree to ${tolerance}`);
}

async function checkAll(): Promise<boolean> {
  await selectBackend({ backend: values.backend as BackendName });
  const made = Array.from(Deno.readDirSync(folder), ({ name }) => name)
    .filter((name) => name.endsWith(".json")).map((name) => name.slice(0, -".json".length)).sort();
  let agree = true;
  for (const name of names.length > 0 ? names : made) {
    if (!await exists(new URL(`${name}.json`, folder))) continue;
    const golden: Golden = JSON.parse(await Deno.readTextFile(new URL(`${name}.json`, folder)));
    for (const exporter of ["older", "newer"]) {
      if (!await exists(new URL(`${name}.${exporter}.onnx`, folder))) continue;
      const result = await measure(golden, exporter);
      await Deno.writeTextFile(resultsFile, `${JSON.stringify(result)}\n`, { append: true });
      console.log(formatRow(result));
      agree &&= result.differs !== undefined && result.differs <= tolerance;
    }
  }
  return agree;
}

if (values.table) await printTable();
else Deno.exit(await checkAll() ? 0 : 1);
