/**
 * How far the backends agree: the largest differences of scores, gradients and heatmaps on the same input.
 * Run it with `deno task parity`.
 *
 * @module
 */
import * as tf from "@tensorflow/tfjs";
import { type BackendInfo, selectBackend, type SelectBackendOptions } from "../backends/mod.ts";
import { loadModel } from "../src/formats/mod.ts";
import { openPass } from "../src/explain/pass.ts";
import { normalize } from "../src/base/heatmap.ts";
import { readImage } from "../src/input/image/read.ts";
import { gradcamParts } from "../src/methods/gradcam.ts";
import { asTarget } from "../src/targets/class.ts";
import { weightsOf } from "../src/targets/weights.ts";
import { prepareInput } from "../src/input/preprocess.ts";
import type { ExplainableModel } from "../src/split/model.ts";

/** Numbers of one map on one backend. */
interface Sample {
  readonly scores: Float32Array;
  readonly gradient: Float32Array;
  readonly heatmap: Float32Array;
}

/** How far a backend is from the CPU at one layer. */
export interface ParityRow {
  /** The backend, with its threads. */
  readonly backend: string;
  /** The layer's path. */
  readonly layer: string;
  /** Largest difference of any class's score. */
  readonly scores: number;
  /** Largest difference of the gradient, as a part of its largest value. */
  readonly gradient: number;
  /** Largest difference of the heatmap, which is 0 to 1. */
  readonly heatmap: number;
}

/** The layers that are compared: last, middle, an inner depthwise one, and the first. */
export const parityLayers = ["head_relu", "block10_add", "block5_depthwise_relu", "stem_relu"] as const;

/** The largest difference that the tests allow. */
export const parityTolerance = 1e-4;

const photo = new URL("../testdata/photos/chelsea.png", import.meta.url);
const egyptianCat = 285;

async function sample(model: ExplainableModel, x: tf.Tensor4D, layer: string): Promise<Sample> {
  const split = model.split(layer);
  const head = split.head(x);
  const pass = await openPass(split, head);
  const { scores } = pass;
  const weights = weightsOf(asTarget(egyptianCat), scores);
  const gradient = await pass.gradient(weights);
  const map = tf.tidy(() => gradcamParts(head.activation, gradient).sum<tf.Tensor2D>(-1));
  try {
    return {
      scores: await scores.data() as Float32Array,
      gradient: await gradient.data() as Float32Array,
      heatmap: normalize(await map.data() as Float32Array, 1e-8),
    };
  } finally {
    pass.dispose();
    tf.dispose([head.activation, head.carried, gradient, weights, map]);
  }
}

function largest(values: Float32Array): number {
  return values.reduce((max, value) => Math.max(max, Math.abs(value)), 0);
}

/** The largest difference of two arrays; infinite where either holds what is no number. */
function difference(a: Float32Array, b: Float32Array): number {
  let max = 0;
  a.forEach((value, index) => {
    const distance = Math.abs(value - b[index]!);
    max = Number.isFinite(distance) ? Math.max(max, distance) : Infinity;
  });
  return max;
}

/** How a backend is called in tables. */
export function backendLabel({ name, threads, software }: BackendInfo): string {
  if (name === "wasm") return `wasm, ${threads} thread${threads === 1 ? "" : "s"}`;
  return software ? `${name} (software)` : name;
}

/** The backends that this machine has, each as it is selected. */
export async function availableBackends(): Promise<SelectBackendOptions[]> {
  const wishes: SelectBackendOptions[] = [
    { backend: "wasm" },
    { backend: "wasm", threads: 1 },
    { backend: "webgpu" },
    { backend: "cpu" },
  ];
  const available: SelectBackendOptions[] = [];
  for (const wish of wishes) {
    if (await selectBackend(wish).then(() => true, () => false)) available.push(wish);
  }
  return available;
}

/**
 * Compare every backend of this machine with the CPU on the embedded model and a photo.
 *
 * @param layers The layers to take maps at.
 */
export async function measureParity(layers: readonly string[] = parityLayers): Promise<ParityRow[]> {
  const decoded = await readImage(photo);
  const rows: ParityRow[] = [];
  const references = new Map<string, Sample>();
  for (const wish of (await availableBackends()).reverse()) {
    const info = await selectBackend(wish);
    const model = await loadModel();
    const { data, shape } = prepareInput(decoded, { height: 224, width: 224, channels: 3 }, {
      preprocessing: model.preprocessing!,
    });
    const x = tf.tensor4d(data, [...shape]);
    for (const layer of layers) {
      const numbers = await sample(model, x, layer);
      const reference = references.get(layer);
      if (!reference) {
        references.set(layer, numbers);
        continue;
      }
      rows.push({
        backend: backendLabel(info),
        layer,
        scores: difference(numbers.scores, reference.scores),
        gradient: difference(numbers.gradient, reference.gradient) / largest(reference.gradient),
        heatmap: difference(numbers.heatmap, reference.heatmap),
      });
    }
    x.dispose();
    model.dispose();
  }
  return rows;
}

/** The rows as a table of text. */
export function formatParity(rows: readonly ParityRow[]): string {
  const head = ["backend", "layer", "scores", "gradient", "heatmap"];
  const lines = rows.map((row) => [
    row.backend,
    row.layer,
    ...[row.scores, row.gradient, row.heatmap].map((value) => value.toExponential(1)),
  ]);
  const widths = head.map((title, column) =>
    Math.max(title.length, ...lines.map((line) => line[column]!.length))
  );
  return [head, ...lines].map((line) =>
    line.map((cell, column) => cell.padEnd(widths[column]!)).join("  ").trimEnd()
  )
    .join("\n");
}

if (import.meta.main) {
  console.log("Largest difference from the CPU backend, EfficientNet-Lite0, chelsea.png, class 285:\n");
  console.log(formatParity(await measureParity()));
}
