import { TruthError } from "../base/errors.ts";
import { quote } from "../base/quote.ts";
import { fitBoxes } from "./boxes.ts";
import { groupByClass } from "./group_by_class.ts";
import type { TruthBox, TruthMask } from "../metrics/truth.ts";
import { emptyMask, fillPolygon, isEmpty } from "./raster.ts";
import type { FoundEntries, FoundObject, FoundTruth, NamedTruthFormat } from "./truth_format.ts";
import { stemOf, type TruthFile, type TruthSource } from "./truth_source.ts";

/** How masks from polygons are drawn, whose photo's size is not asked for: as large as masks can be. */
const square = { height: 512, width: 512 };

/** Files beside the labels that hold none. */
const noLabels = /(^|\/)(classes|obj|train|val|test|readme|notes|labels|names)\.txt$/i;

/** Whether a text is lines of numbers, the first of each whole; an empty one is too: nothing is on the photo. */
function isLabels(text: string): boolean {
  const lines = text.split(/\r?\n/).filter((line) => line.trim() !== "");
  return lines.every((line) => /^\s*\d+(\s+[-+.\deE]+){4,}\s*$/.test(line));
}

/** The box round x and y in turn. */
function boxRound(points: readonly number[]): TruthBox {
  const xs = points.filter((_, at) => at % 2 === 0);
  const ys = points.filter((_, at) => at % 2 === 1);
  const [x, y] = [xs, ys].map((values) => values.reduce((a, b) => Math.min(a, b))) as [number, number];
  const [right, bottom] = [xs, ys].map((values) => values.reduce((a, b) => Math.max(a, b))) as [
    number,
    number,
  ];
  return { x, y, width: right - x, height: bottom - y };
}

/** A line: the class, then centre x, centre y, width, height (and a confidence), or x and y of a polygon's corners. */
function readLine(line: string): { index: number; box: TruthBox; mask: TruthMask | undefined } | undefined {
  const [index, ...numbers] = line.trim().split(/\s+/).map(Number);
  if (!Number.isInteger(index) || !numbers.every(Number.isFinite)) return undefined;
  if (numbers.length === 4 || numbers.length === 5) {
    const [x, y, width, height] = numbers as [number, number, number, number];
    return { index: index!, box: { x: x - width / 2, y: y - height / 2, width, height }, mask: undefined };
  }
  if (numbers.length < 6 || numbers.length % 2 !== 0) return undefined;
  const mask = emptyMask(square);
  fillPolygon(mask, numbers);
  return { index: index!, box: boxRound(numbers), mask: isEmpty(mask) ? undefined : mask };
}

function readLabels(text: string, names: ReadonlyMap<number, string>): FoundTruth {
  const lines = text.split(/\r?\n/).filter((line) => line.trim() !== "");
  const read = lines.map(readLine);
  const good = read.filter((line) => line !== undefined);
  const wrong = read.length - good.length;
  const objects = good.map(({ index, box, mask }): FoundObject => ({
    ...names.size > 0
      ? { label: names.get(index) ?? `class ${index}` }
      : { label: undefined, classIndex: index },
    boxes: fitBoxes([box]).boxes,
    mask,
  }));
  const problems = fitBoxes(good.map(({ box }) => box)).problems;
  const unread = wrong === 0 ? [] : [`${wrong} of its lines cannot be read: they are left out`];
  return { objects: groupByClass(objects), problems: [...unread, ...problems] };
}

/** The names of a `data.yaml`: a list, or an object from index to name. */
async function readYaml(text: string, name: string): Promise<Readonly<Record<string, unknown>>> {
  const { parse } = await import("npm:yaml@2.9.1");
  try {
    const value: unknown = parse(text, { maxAliasCount: 100 });
    return typeof value === "object" && value !== null ? value as Record<string, unknown> : {};
  } catch {
    throw new TruthError(`Cannot read truth ${quote(name)}: it is no YAML`);
  }
}

function namesIn({ names }: Readonly<Record<string, unknown>>): Map<number, string> {
  const entries = Array.isArray(names) ? [...names.entries()] : Object.entries(names ?? {});
  return new Map(entries.map(([index, name]) => [Number(index), String(name)]));
}

const isYaml = ({ path }: TruthFile) => /(^|\/)[^/]*\.ya?ml$/i.test(path);

/** The names of the classes from files beside the labels; without any the numbers are the model's own. */
async function findNames(files: readonly TruthFile[]): Promise<Map<number, string>> {
  const yaml = files.find(isYaml);
  if (yaml) return namesIn(await readYaml(new TextDecoder().decode(await yaml.read()), yaml.path));
  const list = files.find(({ path }) => /(^|\/)(classes\.txt|obj\.names|[^/]*\.names)$/i.test(path));
  if (!list) return new Map();
  const lines = new TextDecoder().decode(await list.read()).trimEnd().split(/\r?\n/);
  return new Map(lines.map((line, index) => [index, line.trim()]));
}

function entriesOf(files: readonly TruthFile[], names: ReadonlyMap<number, string>): FoundEntries {
  const labels = files.filter(({ path }) => /\.txt$/i.test(path) && !noLabels.test(path));
  const entries = labels.map((file) => ({
    file: stemOf(file.path),
    read: async () => readLabels(new TextDecoder().decode(await file.read()), names),
  }));
  const warnings = names.size > 0
    ? []
    : ["no classes.txt or data.yaml names its classes: its numbers are taken for the model's own classes"];
  return { entries, warnings };
}

/** Where a `data.yaml` says that the photos are; the labels are beside them. */
function foldersIn(data: Readonly<Record<string, unknown>>): string[] {
  const base = typeof data.path === "string" ? `${data.path.replace(/\/+$/, "")}/` : "";
  const given = ["val", "test", "train"].flatMap((part) => [data[part] ?? []].flat());
  const paths = given.filter((path) => typeof path === "string").flatMap((
    path,
  ) => [base + path, path as string]);
  return [...new Set(paths)].map((path) => path.replace(/(^|\/)images(?=\/|$)/, "$1labels"));
}

async function openYaml(source: TruthSource): Promise<FoundEntries> {
  const data = await readYaml(source.text, source.name.slice(1, -1));
  const found = await Promise.all([...foldersIn(data), "labels", "."].map((path) => source.filesOf(path)));
  const files = found.find((files) => files.some(({ path }) => /\.txt$/i.test(path) && !noLabels.test(path)));
  if (!files) throw new TruthError(`Cannot read truth ${source.name}: no folder of labels lies beside it`);
  return entriesOf(files, namesIn(data));
}

async function openFile(source: TruthSource): Promise<FoundEntries> {
  const names = await findNames(await source.filesOf("."));
  const file = source.name.slice(1, -1);
  return {
    entries: [{ file: stemOf(file), read: () => Promise.resolve(readLabels(source.text, names)) }],
    warnings: entriesOf([], names).warnings,
  };
}

/** YOLO's text files: a folder of one for each photo, its `data.yaml`, or one of them. */
export const yoloFormat: NamedTruthFormat = {
  name: "yolo",
  title: "YOLO text",
  description:
    "a folder of text files (cat.txt for cat.jpg), or its data.yaml, as YOLO has them: boxes and polygons; classes.txt or " +
    "data.yaml names the classes",
  async recognise(source) {
    if (source.bytes) {
      return isLabels(source.text) && source.text.trim() !== "" || /^names\s*:/m.test(source.text);
    }
    const text = source.withEnding(".txt").find(({ path }) => !noLabels.test(path));
    return text !== undefined && isLabels(new TextDecoder().decode(await text.read()));
  },
  async open(source) {
    if (!source.bytes) return entriesOf(source.files, await findNames(source.files));
    return isLabels(source.text) ? await openFile(source) : await openYaml(source);
  },
};
