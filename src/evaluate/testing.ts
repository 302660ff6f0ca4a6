/**
 * What the tests of evaluations need. It is not published.
 *
 * @module
 */
import { selectBackend } from "../../backends/mod.ts";
import type { MetricName } from "../metrics/mod.ts";
import type { MethodName } from "../methods/mod.ts";
import { leavingNoTensors, testdata } from "../testing/mod.ts";
import { writeTinyModel } from "../testing/tiny_model.ts";
import { evaluate } from "./evaluate.ts";
import type { EvaluatedMap, EvaluatedPhoto } from "./evaluated.ts";
import type { EvaluateOptions } from "./evaluate_options.ts";
import { lineOf } from "./kept_photo.ts";

/** Small pictures. */
export const images: URL = new URL("images/", testdata);

/** Paths of some of them. */
export const photos: readonly string[] = ["plain.jpg", "plain.png", "lossy.webp", "grey.jpg"].map((name) =>
  new URL(name, images).pathname
);

/** What takes little time, and still asks for all that there is: methods, controls, metrics of several kinds. */
export const quick = {
  preprocess: "unit",
  methods: ["gradcam", "eigencam"],
  controls: ["random"],
  metrics: ["pointinggame", "deletion"],
  metricSettings: { steps: 4 },
} as const satisfies EvaluateOptions;

/** Do something with a model that gives the classes "ant", "bee" and "wasp", and a folder; no tensor may be left over. */
export async function withModel(use: (model: string, folder: string) => Promise<void>): Promise<void> {
  const folder = await Deno.makeTempDir();
  try {
    await selectBackend({ backend: "wasm", threads: 1 });
    const model = await writeTinyModel(folder);
    await leavingNoTensors(() => use(model, folder));
  } finally {
    await Deno.remove(folder, { recursive: true });
  }
}

/** All that comes of photos. */
export function run(of: Parameters<typeof evaluate>[0], options: EvaluateOptions): Promise<EvaluatedPhoto[]> {
  return Array.fromAsync(evaluate(of, { ...quick, ...options }));
}

/** Results as they are kept, without times. */
export function linesOf(photos: readonly EvaluatedPhoto[]): string[] {
  return photos.map((photo) => lineOf(photo, false));
}

/** A map with some values. */
export function mapWith(
  method: string,
  values: Partial<Record<MetricName, number | undefined>>,
  more: Partial<EvaluatedMap> = {},
): EvaluatedMap {
  return {
    model: "model",
    method: method as MethodName,
    layer: ["random", "centre", "edges"].includes(method) ? "" : "conv",
    classIndex: 0,
    label: "cat",
    score: 0.9,
    heatmap: { height: 1, width: 2, data: Float32Array.of(0, 1) },
    measurements: Object.entries(values).map(([metric, value]) => ({
      metric: metric as MetricName,
      measurement: { value, ...value === undefined && { why: "The map is flat" } },
    })),
    ...more,
  };
}

/** A photo with some maps. */
export function photoWith(index: number, ...maps: readonly EvaluatedMap[]): EvaluatedPhoto {
  return { index, photo: `${index}.jpg`, maps, warnings: [] };
}
