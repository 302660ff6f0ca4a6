/**
 * All methods by all metrics on photos whose objects are known, with controls and intervals: the tables of docs/evaluation.md
 * and a report. Run it with
 * `deno task evaluate:coco [--jobs N] [--out FOLDER] [--mirror] [--limit N] [--methods A,B] [--write FILE] [FOLDER]`, where
 * the folder holds photos and an objects.json. `--mirror` flips photos and boxes, `--write` puts the tables between the marks
 * "evaluation" of a file. It takes an hour or two, and goes on where it was when it is started again.
 *
 * Methods of many runs are told to take fewer (see `modestSettings` of the pointing game), and metrics of many maps take fewer
 * of them by these: the tables say so.
 *
 * @module
 */
import { parseArgs } from "node:util";
import { evaluate } from "../src/evaluate/evaluate.ts";
import type { EvaluatedMap, EvaluatedPhoto } from "../src/evaluate/evaluated.ts";
import type { EvaluateOptions, EvaluationPlan } from "../src/evaluate/evaluate_options.ts";
import { drawExamples } from "../src/evaluate/pictures.ts";
import { summarise } from "../src/evaluate/summarise.ts";
import { writeEvaluation } from "../src/cli/evaluate_files.ts";
import { encodePng } from "../src/input/image/mod.ts";
import { readImage } from "../src/input/image/read.ts";
import type { RgbaImage } from "../src/input/image/types.ts";
import { metrics } from "../src/metrics/mod.ts";
import type { MetricSettings } from "../src/metrics/settings.ts";
import type { PhotoTruth } from "../src/metrics/truth.ts";
import { type MethodName, methods } from "../src/methods/mod.ts";
import type { MethodSettings } from "../src/methods/settings.ts";
import { openTruth } from "../src/truth/mod.ts";
import { evaluationTables } from "./evaluation_tables.ts";
import { writeBetweenMarks } from "./peers/report.ts";
import { defaultFolder, settingsOf } from "./pointing_game.ts";

/** What methods are told: fewer samples than they take by themselves. */
const modest = {
  channels: 32,
  samples: 50,
  steps: 8,
  window: 48,
  stride: 32,
} as const satisfies MethodSettings;

/** Methods that take no more than a few ways back. */
const quick: readonly MethodName[] = methods.filter(({ at, settings }) =>
  at === "layer" && settings === undefined
)
  .map(({ name }) => name);

/** On how many photos metrics of further maps are measured where a map takes many runs. */
const photosOfMaps = 4;

/** Methods and metrics that are measured in one run. */
interface Part {
  readonly name: string;
  readonly options: EvaluateOptions;
}

function namesOf(needs: (needs: string) => boolean) {
  return metrics.filter((metric) => needs(metric.needs)).map(({ name }) => name);
}

/** The parts of the whole: methods that are told the same together, by metrics of the photo, and by those of further maps. */
function partsOf(wanted: readonly string[] | undefined): Part[] {
  const all = methods.filter(({ at }) => at !== "tokens").map(({ name }) => name) // the model is no transformer
    .filter((name) => wanted?.includes(name) ?? true);
  const groups = [
    ...Map.groupBy(all, (name) => JSON.stringify([settingsOf(name, modest), quick.includes(name)])),
  ];
  return groups.flatMap(([key, names], at): Part[] => {
    const [settings, isQuick] = JSON.parse(key) as [MethodSettings, boolean];
    const told = {
      methods: names,
      ...Object.keys(settings).length > 0 && { settings },
      controls: at === 0 ? ["random", "centre", "edges"] as const : [],
    };
    const ofRuns: MetricSettings = { steps: 8, samples: 8 };
    const ofMaps: MetricSettings = isQuick ? { samples: 2, stages: 3 } : { samples: 1, stages: 1 };
    return [
      {
        name: `${at}-runs`,
        options: { ...told, metrics: namesOf((needs) => needs !== "maps"), metricSettings: ofRuns },
      },
      {
        name: `${at}-maps`,
        options: {
          ...told,
          metrics: namesOf((needs) => needs === "maps"),
          metricSettings: ofMaps,
          ...!isQuick && { limit: photosOfMaps },
        },
      },
    ];
  });
}

/** A photo from right to left. */
function mirrored({ data, height, width }: RgbaImage): RgbaImage {
  const pixels = new Uint32Array(data.slice().buffer);
  for (let row = 0; row < height; row++) pixels.subarray(row * width, (row + 1) * width).reverse();
  return { data: new Uint8ClampedArray(pixels.buffer), height, width };
}

/** Photos and what is on them, as they are or from right to left. */
class Photos {
  readonly #folder: URL;
  readonly #mirror: boolean;

  private constructor(folder: URL, mirror: boolean, readonly truth: readonly PhotoTruth[]) {
    this.#folder = folder;
    this.#mirror = mirror;
  }

  static async open(folder: URL, mirror: boolean): Promise<Photos> {
    const { entries } = await openTruth(new URL("objects.json", folder));
    const truth = await Promise.all(entries.map(async (entry) => {
      const { objects } = await entry.read(() => Promise.reject(new Error("No size is needed")));
      return {
        file: entry.file,
        objects: objects.map(({ imagenet, boxes }) => ({
          classIndex: imagenet,
          boxes: mirror ? boxes.map((box) => ({ ...box, x: 1 - box.x - box.width })) : boxes,
        })),
      };
    }));
    return new Photos(folder, mirror, truth.toSorted((a, b) => a.file < b.file ? -1 : 1));
  }

  async read(index: number): Promise<RgbaImage> {
    const image = await readImage(new URL(this.truth[index]!.file, this.#folder));
    return this.#mirror ? mirrored(image) : image;
  }

  async *[Symbol.asyncIterator](): AsyncGenerator<URL | File, void, undefined> {
    for (const [index, { file }] of this.truth.entries()) {
      if (!this.#mirror) yield new URL(file, this.#folder);
      else yield new File([await encodePng(await this.read(index)) as Uint8Array<ArrayBuffer>], file);
    }
  }
}

/** The maps of all parts, those of the same method and class as one. */
function join(parts: readonly (readonly EvaluatedPhoto[])[]): EvaluatedPhoto[] {
  const order = [...methods.map(({ name }) => name as string), "random", "centre", "edges"];
  return parts[0]!.map((photo, at) => {
    const maps = parts.flatMap((part) => part[at]?.maps ?? []);
    const same = Map.groupBy(
      maps,
      ({ method, layer, classIndex }) => JSON.stringify([method, layer, classIndex]),
    );
    const joined = [...same.values()].map((maps): EvaluatedMap => ({
      ...maps[0]!,
      measurements: metrics.flatMap(({ name }) =>
        maps.flatMap(({ measurements }) => measurements.filter(({ metric }) => metric === name))
      ),
    }));
    return { ...photo, maps: joined.sort((a, b) => order.indexOf(a.method) - order.indexOf(b.method)) };
  });
}

async function main(): Promise<void> {
  const { values, positionals: [path] } = parseArgs({
    args: Deno.args,
    options: {
      jobs: { type: "string", default: "2" },
      out: { type: "string", default: "out/evaluation-coco" },
      mirror: { type: "boolean", default: false },
      limit: { type: "string" },
      methods: { type: "string" },
      write: { type: "string" },
    },
    allowPositionals: true,
  });
  const folder = path ? new URL(`${path.replace(/\/*$/, "/")}`, `file://${Deno.cwd()}/`) : defaultFolder;
  const out = `${values.out}/${values.mirror ? "mirror" : "photos"}`;
  await Deno.mkdir(`${out}/parts`, { recursive: true });
  const photos = await Photos.open(folder, values.mirror);
  const plans: EvaluationPlan[] = [];
  const found: EvaluatedPhoto[][] = [];
  for (const { name, options } of partsOf(values.methods?.split(","))) {
    const start = performance.now();
    const results: EvaluatedPhoto[] = [];
    const whole: EvaluateOptions = {
      ...options,
      truth: photos.truth,
      jobs: Number(values.jobs),
      ...values.limit !== undefined && { limit: Math.min(Number(values.limit), options.limit ?? Infinity) },
      journal: `${out}/parts/${name}.ndjson`,
      onBegin: (plan) => plans.push(plan),
    };
    for await (const photo of evaluate(photos, whole)) {
      results.push(photo);
      const seconds = ((performance.now() - start) / 1000).toFixed(0);
      console.error(
        `${name}: ${photo.index + 1} of ${photos.truth.length}, ${seconds} s${
          photo.error ? `: ${photo.error.message}` : ""
        }`,
      );
    }
    found.push(results);
  }
  const plan = {
    ...plans[0]!,
    passes: plans.filter((_, at) => at % 2 === 0).flatMap(({ passes }) => passes),
  };
  const joined = join(found);
  const summary = summarise(joined, { plan });
  const pictures = await drawExamples(summary, joined, { readPhoto: (index) => photos.read(index) });
  await writeEvaluation(out, { summary, photos: joined, pictures });
  const tables = evaluationTables(summary);
  await Deno.writeTextFile(`${out}/tables.md`, tables);
  console.log(tables);
  if (values.write !== undefined) {
    await writeBetweenMarks(new URL(values.write, `file://${Deno.cwd()}/`), "evaluation", tables);
  }
  for (const sentence of summary.conclusions) console.log(`- ${sentence}`);
}

if (import.meta.main) await main();
