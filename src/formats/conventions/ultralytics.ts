import { parsePreprocessing, type Preprocessing } from "../../input/preprocess.ts";
import type { Notes } from "./image_metadata.ts";
import { parsePythonLiteral } from "../../base/python_literal.ts";

/** Height and width, from one number or two; `undefined` where there are others. */
function sizeIn({ imgsz = "" }: Notes): readonly [number, number] | undefined {
  try {
    const sides = [parsePythonLiteral(imgsz)].flat();
    const [height, width = height] = sides;
    const isSize = (side: unknown): side is number => Number.isInteger(side) && Number(side) > 0;
    return isSize(height) && isSize(width) && sides.length <= 2 ? [height, width] : undefined;
  } catch {
    return undefined;
  }
}

/**
 * How Ultralytics' networks see photos: 0 … 1; a classifier the middle, all others the whole in a border of grey.
 *
 * @param notes What its exporter notes in an ONNX file.
 * @returns `undefined` where it is another's.
 */
export function readUltralytics(notes: Notes): Preprocessing | undefined {
  if (notes.author !== "Ultralytics" && !notes.description?.startsWith("Ultralytics ")) return undefined;
  const size = sizeIn(notes);
  const common = { name: "ultralytics", mean: 0, std: 255, interpolation: "bilinear", size };
  return parsePreprocessing(
    notes.task === "classify"
      ? { ...common, fit: "crop", cropFraction: 1, cropRounding: "even" }
      : { ...common, fit: "letterbox", border: 114 },
  );
}
