/**
 * The pointing game: does the heatmap of an object's class have its maximum inside one of the object's boxes? It is the metric of
 * `src/metrics/pointing_game.ts`; of several equal maxima, the part that lies inside.
 * Run it with `deno task pointing [--method NAME,NAME|all] [FOLDER]`, where the folder holds photos and an objects.json of
 * `{ file, imagenet, score, boxes: [[centre x, centre y, width, height], …] }`, as fractions of the photo. With several methods
 * it prints how often each of them hits.
 *
 * @module
 */
import { parseArgs } from "node:util";
import { loadModel } from "../src/formats/mod.ts";
import type { ControlName } from "../src/metrics/controls/mod.ts";
import { measure } from "../src/metrics/measure.ts";
import type { PhotoTruth } from "../src/metrics/truth.ts";
import { type MethodName, methods } from "../src/methods/mod.ts";
import type { MethodSettings } from "../src/methods/settings.ts";

/** An object on a photo. */
interface PhotoObject {
  readonly file: string;
  readonly class: string;
  readonly imagenet: number;
  readonly score: number;
  readonly boxes: readonly (readonly [number, number, number, number])[];
}

/** What came out for one object by one method. */
export interface PointingResult extends PhotoObject {
  readonly method: MethodName | ControlName;
  /** Whether the maximum lies in a box, 1 or 0; of several, the part that does. */
  readonly hit: number;
  /** How likely a random place lies in a box. */
  readonly chance: number;
  /** Our score for the class. */
  readonly ours: number;
  /** How long the map took beyond what others had computed, in milliseconds. */
  readonly ms: number;
}

/** Where the photos are when no folder is given. */
export const defaultFolder = new URL("../../shared/data/coco/", import.meta.url);

/** What methods are told: fewer samples than they take by themselves, since there are many photos. */
export const modestSettings = {
  channels: 64,
  samples: 100,
  steps: 10,
} as const satisfies MethodSettings;

/** What a method of noisy photos is told: a gradient costs more than a run. */
const noisySamples = 5;

/** The boxes as fractions of the photo from its upper left corner. */
function truthOf({ file, imagenet, boxes }: PhotoObject): PhotoTruth {
  const corners = boxes.map(([x, y, width, height]) => ({
    x: x - width / 2,
    y: y - height / 2,
    width,
    height,
  }));
  return { file, objects: [{ classIndex: imagenet, boxes: corners }] };
}

/** What a method is told of the modest settings; nothing where it takes none. */
export function settingsOf(name: MethodName, told: MethodSettings = modestSettings): MethodSettings {
  const { settings = {} } = methods.find((method) => method.name === name)!;
  const samples = Object.hasOwn(settings, "noise") ? noisySamples : told.samples;
  const taken = Object.entries({ ...told, samples }).filter(([key]) =>
    Object.hasOwn(settings, key) && key in told
  );
  return name === "ablationcam" ? {} : Object.fromEntries(taken); // its runs are short
}

/** The objects of a folder. */
export async function readObjects(folder: URL): Promise<PhotoObject[]> {
  return JSON.parse(await Deno.readTextFile(new URL("objects.json", folder)));
}

/** Methods that are told the same, so that they are asked together. */
function groupBySettings(names: readonly MethodName[]): [MethodSettings, MethodName[]][] {
  const groups = Map.groupBy(names, (name) => JSON.stringify(settingsOf(name)));
  return [...groups].map(([settings, names]) => [JSON.parse(settings), names]);
}

/** Play the game on all objects of a folder, object by object. */
export async function* playPointingGame(
  folder: URL,
  names: readonly MethodName[] = ["gradcam"],
): AsyncGenerator<PointingResult> {
  const model = await loadModel();
  try {
    for (const object of await readObjects(folder)) {
      for (const [settings, group] of groupBySettings(names)) {
        const maps = await measure(model, new URL(object.file, folder), {
          methods: group,
          settings,
          controls: group.includes(names[0]!) ? ["centre"] : [],
          metrics: ["pointinggame"],
          truth: truthOf(object),
        });
        for (const { method, score: ours, ms, chance, measurements: [first] } of maps) {
          yield { ...object, method, hit: first!.measurement.value!, chance: chance!, ours, ms };
        }
      }
    }
  } finally {
    model.dispose();
  }
}

/** The methods of an option: all, or some by name. */
function namesOf(option: string): MethodName[] {
  const all = methods.filter(({ at }) => at !== "tokens").map(({ name }) => name); // the model is no transformer
  return option === "all" ? all : all.filter((name) => option.split(",").includes(name));
}

/** Print how often each method hits, the best first. */
function printTable(results: readonly PointingResult[]): void {
  const rows = [...Map.groupBy(results, ({ method }) => method)].map(([method, of]) => ({
    method,
    hits: of.reduce((sum, { hit }) => sum + hit, 0),
    ms: of.reduce((sum, { ms }) => sum + ms, 0) / of.length,
    told: method === "centre"
      ? ""
      : Object.entries(settingsOf(method as MethodName)).map(([key, value]) => `${key} ${value}`).join(", "),
    count: of.length,
  }));
  console.log("| method | hits | told | ms a map |\n| --- | --- | --- | --- |");
  for (const { method, hits, ms, told, count } of rows.toSorted((a, b) => b.hits - a.hits)) {
    console.log(`| ${method} | ${Number(hits.toFixed(1))} of ${count} | ${told} | ${ms.toFixed(0)} |`);
  }
  const chance = results.filter(({ method }) => method === "centre").reduce(
    (sum, { chance }) => sum + chance,
    0,
  );
  console.log(`| (chance) | ${chance.toFixed(1)} | | |`);
}

if (import.meta.main) {
  const { values: { method = "gradcam" }, positionals: [path] } = parseArgs({
    args: Deno.args,
    options: { method: { type: "string" } },
    allowPositionals: true,
  });
  const folder = path ? new URL(`${path.replace(/\/*$/, "/")}`, `file://${Deno.cwd()}/`) : defaultFolder;
  const names = namesOf(method);
  const results: PointingResult[] = [];
  for await (const result of playPointingGame(folder, names)) {
    results.push(result);
    const { file, class: name, hit, ours, score, method } = result;
    const scores = `${ours.toFixed(3)} (reference ${score.toFixed(3)})`;
    console.error(`${hit > 0.5 ? "hit " : "miss"}  ${method}  ${file}  ${name}  ${scores}`);
  }
  printTable(results);
}
