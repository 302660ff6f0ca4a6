import { TruthError } from "../base/errors.ts";
import { quote } from "../base/quote.ts";
import { fitBoxes, inFractions } from "./boxes.ts";
import { groupByClass } from "./group_by_class.ts";
import type { TruthBox } from "../metrics/truth.ts";
import type { FoundEntries, FoundTruth, NamedTruthFormat, PhotoSize, TruthEntry } from "./truth_format.ts";
import { stemOf } from "./truth_source.ts";
import { childrenOf, type Element, readXml, textOf } from "./xml.ts";

const edges = ["xmin", "ymin", "xmax", "ymax"] as const;

/** The edges of an object's box as they stand there; what is missing is no number. */
function edgesOf(object: Element): number[] {
  const [box] = childrenOf(object, "bndbox");
  return edges.map((edge) => Number((box && textOf(box, edge)) || NaN));
}

/**
 * Boxes in pixels. The pixels of VOC are counted from 1, and the last belongs to the box; where an edge is 0, as some
 * programs write them, they are counted from 0 to the box's end.
 */
function boxesOf(all: readonly (readonly number[])[]): TruthBox[] {
  const first = all.some(([left, top]) => left! < 1 || top! < 1) ? 0 : 1;
  return all.map(([left, top, right, bottom]) => ({
    x: left! - first,
    y: top! - first,
    width: right! - left! + first,
    height: bottom! - top! + first,
  }));
}

function sizeIn(annotation: Element): PhotoSize | undefined {
  const [size] = childrenOf(annotation, "size");
  const [height, width] = ["height", "width"].map((side) => Number((size && textOf(size, side)) || NaN));
  return height! > 0 && width! > 0 ? { height: height!, width: width! } : undefined;
}

async function readAnnotation(
  text: string,
  name: string,
  sizeOf: () => Promise<PhotoSize>,
): Promise<FoundTruth> {
  const annotation = readXml(text, name);
  if (annotation.name !== "annotation") {
    throw new TruthError(
      `Cannot read truth ${quote(name)}: it holds ${quote(annotation.name)} and no annotation`,
    );
  }
  const objects = childrenOf(annotation, "object");
  const boxes = inFractions(boxesOf(objects.map(edgesOf)), sizeIn(annotation) ?? await sizeOf());
  const found = objects.map((object, at) => ({
    label: textOf(object, "name"),
    boxes: fitBoxes([boxes[at]!]).boxes,
    mask: undefined,
  }));
  return { objects: groupByClass(found), problems: fitBoxes(boxes).problems };
}

/** The photo's name in a file; `undefined` where that has none or cannot be read: it is told of when it is. */
function fileNameIn(text: string): string | undefined {
  return /<filename>\s*([^<]*?)\s*<\/filename>/.exec(text)?.[1] || undefined;
}

/** Pascal VOC's XML: one file, or a folder of one for each photo. */
export const vocFormat: NamedTruthFormat = {
  name: "voc",
  title: "Pascal VOC XML",
  description:
    "an XML file, or a folder of one for each photo (cat.xml for cat.jpg), as Pascal VOC has them: boxes",
  recognise: (source) =>
    Promise.resolve(
      source.bytes ? source.head.startsWith("<") : source.withEnding(".xml").length > 0,
    ),
  open(source): Promise<FoundEntries> {
    if (source.bytes) {
      const { text, name } = source;
      const read: TruthEntry["read"] = (sizeOf) => readAnnotation(text, name.slice(1, -1), sizeOf);
      return Promise.resolve({
        entries: [{ file: fileNameIn(text) ?? name.slice(1, -1), read }],
        warnings: [],
      });
    }
    const entries = source.withEnding(".xml").map((file): TruthEntry => ({
      file: stemOf(file.path),
      read: async (sizeOf) =>
        await readAnnotation(new TextDecoder().decode(await file.read()), file.path, sizeOf),
    }));
    return Promise.resolve({ entries, warnings: [] });
  },
};
