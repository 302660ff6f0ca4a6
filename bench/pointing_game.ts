/**
 * The pointing game: does the heatmap of an object's class have its maximum inside one of the object's boxes?
 * Run it with `deno task pointing [--method NAME,NAME|all] [FOLDER]`, where the folder holds photos and an objects.json of
 * `{ file, imagenet, score, boxes: [[centre x, centre y, width, height], …] }`, as fractions of the photo. With several methods
 * it prints how often each of them hits.
 *
 * @module
 */
import { parseArgs } from "node:util";
import { loadModel } from "../src/formats/mod.ts";
import { gradcam } from "../src/explain/gradcam.ts";
import { type Heatmap, peak, resizeHeatmap } from "../src/base/heatmap.ts";
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
  readonly method: MethodName;
  /** Whether the maximum lies in a box. */
  readonly hit: boolean;
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

/** Whether a point lies in one of the boxes; both are fractions of the photo. */
function isInside({ x, y }: { x: number; y: number }, { boxes }: PhotoObject): boolean {
  return boxes.some(([centreX, centreY, boxWidth, boxHeight]) =>
    Math.abs(x - centreX) <= boxWidth / 2 && Math.abs(y - centreY) <= boxHeight / 2
  );
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
        const { maps, photo, score, times } = await gradcam(model, new URL(object.file, folder), {
          classIndex: object.imagenet,
          method: group,
          settings,
        });
        const { height, width } = photo!;
        for (const [at, method] of group.entries()) {
          const large: Heatmap = resizeHeatmap(maps[at]!.heatmap, { height, width });
          yield { ...object, method, hit: isInside(peak(large), object), ours: score, ms: times[method]! };
        }
      }
    }
  } finally {
    model.dispose();
  }
}

/** How many objects are hit by pointing at the middle, and how many by chance. */
export async function playControls(folder: URL): Promise<{ centre: number; chance: number }> {
  const objects = await readObjects(folder);
  const places = Array.from({ length: 100 }, (_, at) => (at + 0.5) / 100);
  const shareOf = (object: PhotoObject) =>
    places.flatMap((y) => places.filter((x) => isInside({ x, y }, object))).length / 100 ** 2;
  return {
    centre: objects.filter((object) => isInside({ x: 0.5, y: 0.5 }, object)).length,
    chance: objects.reduce((sum, object) => sum + shareOf(object), 0),
  };
}

/** The methods of an option: all, or some by name. */
function namesOf(option: string): MethodName[] {
  const all = methods.filter(({ at }) => at !== "tokens").map(({ name }) => name); // the model is no transformer
  return option === "all" ? all : all.filter((name) => option.split(",").includes(name));
}

/** Print how often each method hits, the best first. */
async function printTable(folder: URL, results: readonly PointingResult[]): Promise<void> {
  const rows = [...Map.groupBy(results, ({ method }) => method)].map(([method, of]) => ({
    method,
    hits: of.filter(({ hit }) => hit).length,
    ms: of.reduce((sum, { ms }) => sum + ms, 0) / of.length,
    told: Object.entries(settingsOf(method)).map(([key, value]) => `${key} ${value}`).join(", "),
    count: of.length,
  }));
  console.log("| method | hits | told | ms a map |\n| --- | --- | --- | --- |");
  for (const { method, hits, ms, told, count } of rows.toSorted((a, b) => b.hits - a.hits)) {
    console.log(`| ${method} | ${hits} of ${count} | ${told} | ${ms.toFixed(0)} |`);
  }
  const { centre, chance } = await playControls(folder);
  console.log(`| (the photo's middle) | ${centre} | | |\n| (chance) | ${chance.toFixed(1)} | | |`);
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
    console.error(`${hit ? "hit " : "miss"}  ${method}  ${file}  ${name}  ${scores}`);
  }
  await printTable(folder, results);
}
