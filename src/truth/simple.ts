import { TruthError } from "../base/errors.ts";
import { fitBoxes, inFractions } from "./boxes.ts";
import { groupByClass } from "./group_by_class.ts";
import { readMaskPicture } from "./mask_picture.ts";
import type { TruthBox } from "../metrics/truth.ts";
import type { FoundEntries, FoundObject, FoundTruth, NamedTruthFormat, PhotoSize } from "./truth_format.ts";
import type { TruthSource } from "./truth_source.ts";

/** An entry of the file. */
type Entry = Readonly<Record<string, unknown>>;

/** How each thing may be called, the first its own name. */
const fileNames = ["file", "photo", "image"] as const;
const labelNames = ["class", "label"] as const;
const indexNames = ["classIndex", "class_index"] as const;

function fieldOf(entry: Entry, names: readonly string[]): unknown {
  return names.map((name) => entry[name]).find((value) => value !== undefined && value !== null);
}

/** The entries: a list, or the list in an object. */
function entriesIn(json: unknown): readonly Entry[] | undefined {
  const list = Array.isArray(json)
    ? json
    : Object.values((json ?? {}) as Record<string, unknown>).find(Array.isArray);
  const isEntry = (value: unknown): value is Entry =>
    typeof value === "object" && value !== null && typeof fieldOf(value as Entry, fileNames) === "string";
  const entries = list?.filter(isEntry);
  return entries && entries.length > 0 ? entries : undefined;
}

/** What a box was given as. */
interface GivenBox extends TruthBox {
  readonly isInPixels: boolean;
}

/**
 * A box: a list of its centre's x and y, its width and its height, in fractions of the photo; or an object of its left
 * upper corner's x and y, and both, in fractions where none is above 1, else in pixels.
 */
function readBox(box: unknown): GivenBox | undefined {
  if (Array.isArray(box)) {
    const [x, y, width, height] = box.map(Number) as [number, number, number, number];
    if (box.length !== 4 || Math.max(x, y, width, height) > 2) return undefined;
    return { x: x - width / 2, y: y - height / 2, width, height, isInPixels: false };
  }
  if (typeof box !== "object" || box === null) return undefined;
  const { x, y, width, height } = box as Record<string, unknown>;
  const sides = [x, y, width, height].map(Number) as [number, number, number, number];
  const isInPixels = Math.max(...sides) > 1;
  return { x: sides[0], y: sides[1], width: sides[2], height: sides[3], isInPixels };
}

function wholeNumber(value: unknown): number | undefined {
  return Number.isInteger(value) && (value as number) >= 0 ? value as number : undefined;
}

async function readEntry(
  entry: Entry,
  source: TruthSource,
  sizeOf: () => Promise<PhotoSize>,
): Promise<FoundTruth> {
  const several = fieldOf(entry, ["boxes", "box"]) ?? [];
  const given = Array.isArray(several) && typeof several[0] !== "number" ? several : [several];
  const boxes = given.map(readBox);
  const wrong = boxes.filter((box) => box === undefined).length;
  const inPixels = boxes.filter((box) => box?.isInPixels) as TruthBox[];
  const fitted = fitBoxes([
    ...boxes.filter((box) => box && !box.isInPixels) as TruthBox[],
    ...inPixels.length > 0 ? inFractions(inPixels, await sizeOf()) : [],
  ]);
  const problems = [
    ...wrong > 0 ? [`${wrong} of its boxes are no [centre x, centre y, width, height] in fractions`] : [],
    ...fitted.problems,
  ];
  const { mask: path } = entry;
  const mask = typeof path === "string"
    ? await readMaskPicture(await source.near(path).read(), path)
    : undefined;
  const label = fieldOf(entry, labelNames);
  const object: FoundObject = {
    label: label === undefined ? undefined : String(label),
    classIndex: wholeNumber(fieldOf(entry, indexNames)),
    imagenet: wholeNumber(entry.imagenet),
    boxes: fitted.boxes,
    mask,
  };
  return { objects: [object], problems };
}

/** What several entries say of one photo. */
async function readAll(
  entries: readonly Entry[],
  source: TruthSource,
  sizeOf: () => Promise<PhotoSize>,
): Promise<FoundTruth> {
  const read = await Promise.all(entries.map((entry) => readEntry(entry, source, sizeOf)));
  return {
    objects: groupByClass(read.flatMap(({ objects }) => objects)),
    problems: read.flatMap(({ problems }) => problems),
  };
}

/** A list of what each photo shows, an entry for each photo and class. */
export const simpleFormat: NamedTruthFormat = {
  name: "simple",
  title: "simple JSON",
  description:
    "a JSON list of { file, class, boxes: [[centre x, centre y, width, height], …] } in fractions of the photo, " +
    "or of boxes { x, y, width, height } from the corner; classIndex, imagenet and mask (a picture's path) are understood too",
  recognise: (source) => Promise.resolve(source.isJson && entriesIn(source.json) !== undefined),
  open(source): Promise<FoundEntries> {
    const entries = entriesIn(source.json);
    if (!entries) throw new TruthError(`Cannot read truth ${source.name}: it lists no photos`);
    const byFile = Map.groupBy(entries, (entry) => fieldOf(entry, fileNames) as string);
    return Promise.resolve({
      entries: [...byFile].map(([file, all]) => ({ file, read: (sizeOf) => readAll(all, source, sizeOf) })),
      warnings: [],
    });
  },
};
