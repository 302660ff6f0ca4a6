import { ModelError } from "../../base/errors.ts";
import { isNestedTooDeep } from "../../base/nesting.ts";
import { quote } from "../../base/quote.ts";
import { parseLabels } from "../labels.ts";
import { type Notes, readImageMetadata } from "./image_metadata.ts";
import { parsePythonLiteral, type PythonValue } from "../../base/python_literal.ts";
import type { Told } from "./told.ts";
import { readUltralytics } from "./ultralytics.ts";

/** Notes that hold the names of the classes, the likeliest first. */
const labelNotes = ["names", "id2label", "labels", "class_names", "classes", "class_labels"];

/** Lists and dictionaries of Python's as those of JSON. */
function asJson(value: PythonValue): unknown {
  if (value instanceof Map) return Object.fromEntries([...value].map(([key, inner]) => [key, asJson(inner)]));
  return Array.isArray(value) ? value.map(asJson) : value;
}

/** A text of JSON or of Python's; `undefined` if it is neither. */
function parseEither(text: string): unknown {
  for (const parse of [JSON.parse, (text: string) => asJson(parsePythonLiteral(text))]) {
    try {
      return parse(text);
    } catch {
      continue; // it is the other, or neither
    }
  }
  return undefined;
}

/** The names of classes in a note: a list or a dictionary of JSON or of Python's, lines, or names between commas. */
function labelsIn(text: string): string[] | undefined {
  const value = parseEither(text);
  if (isNestedTooDeep(value)) return undefined;
  if (typeof value === "object" && value !== null) {
    const labels = parseLabels(JSON.stringify(value));
    return labels.length > 0 ? labels : undefined;
  }
  if (text.includes("\n")) return parseLabels(text);
  const parts = text.split(",").map((part) => part.trim());
  return parts.length > 1 && parts.every((part) => part !== "") ? parts : undefined;
}

/** The first note that holds names. */
function findLabels(notes: Notes): string[] | undefined {
  for (const name of labelNotes) {
    const text = notes[name];
    if (text === undefined || text.trim() === "") continue;
    try {
      const labels = labelsIn(text);
      if (labels) return labels;
    } catch (error) {
      if (!(error instanceof TypeError)) throw error; // which says that they are none
    }
  }
  return undefined;
}

/**
 * What an ONNX file notes about itself (its `metadata_props`): the names of its classes and how it was trained to see pixels,
 * as ONNX, Custom Vision and Ultralytics note them.
 *
 * @param notes Texts by their names.
 * @param model How messages name the model.
 * @throws {ModelError} If a note that is known makes no sense.
 */
export function readMetadataProps(notes: Notes, model: string): Told {
  try {
    const labels = findLabels(notes);
    const preprocessing = readUltralytics(notes) ?? readImageMetadata(notes);
    return {
      ...labels && { labels },
      ...preprocessing && { preprocessing, preprocessingFrom: "the file's metadata" },
    };
  } catch (error) {
    throw new ModelError(`Cannot use the metadata of model ${quote(model)}: ${(error as Error).message}`);
  }
}
