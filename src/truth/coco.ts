import { TruthError } from "../base/errors.ts";
import { boxOf, emptyMask, fillPolygon, isEmpty, sampleInto } from "./raster.ts";
import { fitBoxes, inFractions } from "./boxes.ts";
import { groupByClass } from "./group_by_class.ts";
import type { TruthBox, TruthMask } from "../metrics/truth.ts";
import { coveredBy, readRuns } from "./rle.ts";
import type { FoundEntries, FoundObject, FoundTruth, NamedTruthFormat, PhotoSize } from "./truth_format.ts";

/** Any object of a JSON file. */
type Fields = Readonly<Record<string, unknown>>;

function isFields(value: unknown): value is Fields {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}

function isCoco(json: unknown): json is Fields {
  return isFields(json) && Array.isArray(json.images) && Array.isArray(json.annotations);
}

/** The largest raster that runs are taken for, in pixels. */
const mostPixels = 100_000_000;

function sizeIn({ height, width }: Fields): PhotoSize | undefined {
  const isSide = (side: unknown): side is number => Number.isFinite(side) && (side as number) > 0;
  return isSide(height) && isSide(width) ? { height, width } : undefined;
}

/** A box of COCO: left, top, width, height in pixels. */
function readBox(bbox: unknown): TruthBox | undefined {
  if (!Array.isArray(bbox) || bbox.length !== 4) return undefined;
  const [x, y, width, height] = bbox.map(Number) as [number, number, number, number];
  return { x, y, width, height };
}

function drawPolygons(mask: TruthMask, polygons: readonly unknown[], { height, width }: PhotoSize): boolean {
  for (const points of polygons) {
    if (!Array.isArray(points) || points.length < 6 || !points.every(Number.isFinite)) return false;
    fillPolygon(mask, points.map((value, at) => value / (at % 2 === 0 ? width : height)));
  }
  return true;
}

function drawRuns(mask: TruthMask, { size, counts }: Fields): boolean {
  const [height, width] = Array.isArray(size) ? size.map(Number) : [];
  const runs = typeof counts === "string" ? readRuns(counts) : Array.isArray(counts) ? counts : undefined;
  if (!runs || !(height! > 0 && width! > 0 && height! * width! <= mostPixels)) return false;
  const from = { height: height!, width: width! };
  const isCovered = coveredBy(runs, from);
  if (isCovered) sampleInto(mask, from, isCovered);
  return isCovered !== undefined;
}

/** The mask of an annotation; `undefined` where it has none, `null` where it has one that cannot be read. */
function readMask(segmentation: unknown, photo: PhotoSize): TruthMask | undefined | null {
  if (!Array.isArray(segmentation) && !isFields(segmentation)) return undefined;
  if (Array.isArray(segmentation) && segmentation.length === 0) return undefined;
  const mask = emptyMask(photo);
  const isRead = Array.isArray(segmentation)
    ? drawPolygons(mask, segmentation, photo)
    : drawRuns(mask, segmentation);
  if (!isRead) return null;
  return isEmpty(mask) ? undefined : mask;
}

function readAnnotations(
  annotations: readonly Fields[],
  photo: PhotoSize,
  nameOf: (category: unknown) => string,
): FoundTruth {
  const objects: FoundObject[] = [];
  let unreadable = 0;
  const given = annotations.map((annotation) => {
    const mask = readMask(annotation.segmentation, photo);
    if (mask === null) unreadable++;
    const box = readBox(annotation.bbox);
    return { label: nameOf(annotation.category_id), mask: mask ?? undefined, box };
  });
  const boxes = given.flatMap(({ box }) => box ?? []);
  const { problems } = fitBoxes(inFractions(boxes, photo)); // of all, so that they are counted
  for (const { label, mask, box } of given) {
    const round = mask && boxOf(mask);
    const own = box ? fitBoxes(inFractions([box], photo)).boxes : round ? [round] : [];
    objects.push({ label, boxes: own, mask });
  }
  const masks = unreadable === 0 ? [] : [`${unreadable} of its masks cannot be read: their boxes are used`];
  return { objects: groupByClass(objects), problems: [...problems, ...masks] };
}

/** COCO's own JSON: images, annotations with boxes and segmentations (polygons or runs), categories. */
export const cocoFormat: NamedTruthFormat = {
  name: "coco",
  title: "COCO JSON",
  description:
    "one JSON file with images, annotations and categories, as COCO has it: boxes, polygons and runs",
  recognise: (source) => Promise.resolve(source.isJson && isCoco(source.json)),
  open(source): Promise<FoundEntries> {
    const { images, annotations, categories } = source.json as Record<string, unknown>;
    const photos = (images as unknown[]).filter(isFields);
    const all = (annotations as unknown[]).filter(isFields);
    const names = new Map(
      (Array.isArray(categories) ? categories : []).filter(isFields)
        .map(({ id, name }) => [id, String(name)] as const),
    );
    const byImage = Map.groupBy(all, ({ image_id }) => image_id);
    const known = new Set(photos.map(({ id }) => id));
    const lost = all.filter(({ image_id }) => !known.has(image_id)).length;
    const unnamed = new Set(all.map(({ category_id }) => category_id).filter((id) => !names.has(id)));
    const entries = photos.filter(({ file_name }) => typeof file_name === "string").map((photo) => ({
      file: photo.file_name as string,
      read: async (sizeOf: () => Promise<PhotoSize>) =>
        readAnnotations(
          byImage.get(photo.id) ?? [],
          sizeIn(photo) ?? await sizeOf(),
          (category) => names.get(category) ?? `category ${category}`,
        ),
    }));
    if (entries.length === 0) {
      throw new TruthError(`Cannot read truth ${source.name}: none of its images has a file_name`);
    }
    const warnings = [
      ...lost > 0 ? [`${lost} annotations are of images that it does not list: they are left out`] : [],
      ...unnamed.size > 0
        ? [`its categories lack ${[...unnamed].slice(0, 12).join(", ")}: these have no name`]
        : [],
    ];
    return Promise.resolve({ entries, warnings });
  },
};
