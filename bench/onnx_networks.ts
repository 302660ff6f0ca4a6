/**
 * Open what `tools/make_onnx_peers.py` made, and say how far our scores are from PyTorch's, as a table in Markdown:
 *
 *     deno task bench:onnx --folder FOLDER [--backend wasm] [NAME …]
 *
 * @module
 */
import * as tf from "@tensorflow/tfjs";
import { parseArgs } from "node:util";
import type { BackendName } from "../backends/mod.ts";
import { selectBackend } from "../backends/mod.ts";
import { gradcam } from "../src/explain/gradcam.ts";
import { loadModel } from "../src/formats/mod.ts";
import { largestDifference, largestMagnitude, readFloats } from "../src/testing/mod.ts";

/** The largest difference of any score, as a part of the largest score's magnitude or of 1. */
const tolerance = 1e-4;

/** What was made of a network. */
interface Entry {
  readonly height: number;
  readonly width: number;
  /** Parameters, in millions. */
  readonly millions: number;
  readonly exporter: string;
  /** How far PyTorch's own scores move when every pixel is moved by about one rounding. */
  readonly moves: number;
}

/** What came of it. */
interface Row {
  readonly name: string;
  readonly entry: Entry;
  /** Bytes of the file and of what lies beside it. */
  readonly bytes: number;
  readonly error?: string;
  readonly difference?: number;
  /** Milliseconds. */
  readonly opened?: number;
  readonly forward?: number;
  readonly heatmap?: number;
  /** What was explained at, and whether the map means anything. */
  readonly layer?: string;
  readonly diagnosis?: string;
}

const { values, positionals } = parseArgs({
  options: {
    folder: { type: "string" },
    backend: { type: "string", default: "wasm" },
    help: { type: "boolean", short: "h" },
  },
  allowPositionals: true,
});
if (values.help || values.folder === undefined) {
  console.error("Usage: deno task bench:onnx --folder FOLDER [--backend wasm] [NAME …]");
  Deno.exit(values.help ? 0 : 2);
}
const folder = new URL(`file://${await Deno.realPath(values.folder)}/`);

async function sizeOf(url: URL): Promise<number> {
  try {
    return (await Deno.stat(url)).size;
  } catch (error) {
    if (error instanceof Deno.errors.NotFound) return 0;
    throw error;
  }
}

/** How long something takes, in milliseconds. */
async function timed<T>(run: () => Promise<T>): Promise<readonly [result: T, ms: number]> {
  const begun = performance.now();
  const result = await run();
  return [result, performance.now() - begun];
}

async function measure(name: string, entry: Entry): Promise<Row> {
  const file = new URL(`${name}.onnx`, folder);
  const bytes = await sizeOf(file) + await sizeOf(new URL(`${name}.onnx.data`, folder));
  const row = { name, entry, bytes };
  const before = tf.memory().numTensors;
  try {
    const [model, opened] = await timed(() => loadModel(file, { preprocess: "none" }));
    try {
      const pixels = await readFloats(new URL(`${name}.input.f32`, folder));
      const expected = await readFloats(new URL(`${name}.scores.f32`, folder));
      const x = tf.tensor4d(pixels, [1, entry.height, entry.width, 3]);
      try {
        const run = async () => {
          const scores = model.predict(x); // [1, classes]
          const data = await scores.data();
          scores.dispose();
          return data;
        };
        const scores = await run();
        const [, forward] = await timed(run);
        const difference = largestDifference(scores, expected) / Math.max(1, largestMagnitude(expected));
        const done = { ...row, opened, forward, difference };
        try {
          await gradcam(model, x);
          const [{ layer, diagnosis }, heatmap] = await timed(() => gradcam(model, x));
          return { ...done, heatmap, layer, diagnosis };
        } catch (error) {
          return { ...done, error: `no map: ${(error as Error).message}` };
        }
      } finally {
        x.dispose();
      }
    } finally {
      model.dispose();
      const left = tf.memory().numTensors - before;
      if (left !== 0) console.error(`${name} leaves ${left} tensors`);
    }
  } catch (error) {
    return { ...row, error: (error as Error).message };
  }
}

function milliseconds(ms: number | undefined): string {
  return ms === undefined ? "" : `${ms.toFixed(0)} ms`;
}

function formatRow(
  { name, entry, bytes, difference, opened, forward, heatmap, error, layer, diagnosis }: Row,
): string {
  const agrees = difference === undefined ? "" : difference <= tolerance ? "yes" : "**no**";
  const cells = [
    name,
    `${entry.millions.toFixed(1)} M`,
    `${(bytes / 1e6).toFixed(0)} MB`,
    entry.exporter,
    opened === undefined ? "**no**" : "yes",
    agrees,
    difference?.toExponential(1) ?? "",
    milliseconds(opened),
    milliseconds(forward),
    milliseconds(heatmap),
    error ?? `${layer}${diagnosis === "ok" ? "" : ` (${diagnosis})`}`,
  ];
  return `| ${cells.join(" | ")} |`;
}

const index: Record<string, Entry> = JSON.parse(await Deno.readTextFile(new URL("index.json", folder)));
const unknown = positionals.find((name) => !(name in index));
if (unknown !== undefined) throw new RangeError(`There is no network "${unknown}" in index.json`);
const { name: backendName, threads } = await selectBackend({ backend: values.backend as BackendName });
const titles = [
  "network",
  "parameters",
  "file",
  "exporter",
  "opens",
  "agrees",
  "differs by",
  "opening",
  "forward",
];
titles.push("heatmap", "layer");
console.log(`| ${titles.join(" | ")} |\n|${titles.map(() => " --- |").join("")}`);
let agreeing = 0;
let opening = 0;
const names = Object.keys(index).filter((name) => positionals.length === 0 || positionals.includes(name));
for (const name of names) {
  const row = await measure(name, index[name]!);
  if (row.opened !== undefined) opening++;
  if (row.difference !== undefined && row.difference <= tolerance) agreeing++;
  console.log(formatRow(row));
}
console.log(
  `\n${agreeing} of ${names.length} agree to ${tolerance}, ${opening} open, on ${backendName}` +
    (threads === undefined ? "" : `, threads: ${threads}`),
);
Deno.exit(agreeing === names.length ? 0 : 1);
