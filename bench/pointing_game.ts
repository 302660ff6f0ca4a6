/**
 * The pointing game: does the heatmap of an object's class have its maximum inside one of the object's boxes?
 * Run it with `deno task pointing FOLDER`, where the folder holds photos and an objects.json of
 * `{ file, imagenet, score, boxes: [[centre x, centre y, width, height], …] }`, as fractions of the photo.
 *
 * @module
 */
import { loadModel } from "../src/formats/mod.ts";
import { gradcam } from "../src/explain/gradcam.ts";
import { peak, resizeHeatmap } from "../src/base/heatmap.ts";

/** An object on a photo. */
interface PhotoObject {
  readonly file: string;
  readonly class: string;
  readonly imagenet: number;
  readonly score: number;
  readonly boxes: readonly (readonly [number, number, number, number])[];
}

/** What came out for one object. */
export interface PointingResult extends PhotoObject {
  /** Whether the maximum lies in a box. */
  readonly hit: boolean;
  /** Our score for the class. */
  readonly ours: number;
}

/** Where the photos are when no folder is given. */
export const defaultFolder = new URL("../../shared/data/coco/", import.meta.url);

/** Play the game on all objects of a folder. */
export async function playPointingGame(folder: URL): Promise<PointingResult[]> {
  const objects: PhotoObject[] = JSON.parse(await Deno.readTextFile(new URL("objects.json", folder)));
  const model = await loadModel();
  const results: PointingResult[] = [];
  for (const object of objects) {
    const { heatmap, photo, score } = await gradcam(model, new URL(object.file, folder), {
      classIndex: object.imagenet,
    });
    const { height, width } = photo!;
    const { x, y } = peak(resizeHeatmap(heatmap, { height, width }));
    const hit = object.boxes.some(([centreX, centreY, boxWidth, boxHeight]) =>
      Math.abs(x - centreX) <= boxWidth / 2 &&
      Math.abs(y - centreY) <= boxHeight / 2
    );
    results.push({ ...object, hit, ours: score });
  }
  model.dispose();
  return results;
}

if (import.meta.main) {
  const [path] = Deno.args;
  const folder = path ? new URL(`${path.replace(/\/*$/, "/")}`, `file://${Deno.cwd()}/`) : defaultFolder;
  const results = await playPointingGame(folder);
  for (const { file, class: name, hit, ours, score } of results) {
    console.log(
      `${hit ? "hit " : "miss"}  ${file}  ${name}  ${ours.toFixed(3)} (reference ${score.toFixed(3)})`,
    );
  }
  console.log(`${results.filter(({ hit }) => hit).length} of ${results.length}`);
}
