import { ModelError } from "../base/errors.ts";
import { cut, quote } from "../base/quote.ts";
import { areNumbered, parseLabels } from "./labels.ts";
import { parsePreprocessing, preprocessings } from "../input/preprocess.ts";
import { teachableMachine } from "../input/teachable_machine.ts";
import { allOrNone } from "./all_or_none.ts";
import type { Told } from "./conventions/told.ts";
import { headOf, type ModelFolder } from "./model_folder.ts";
import { isHdf5 } from "./signatures.ts";

/** A file that may lie beside a model. */
interface Sidecar {
  readonly name: string;
  /**
   * Whether it is looked for beside the folder of the model's files too, as where that is `onnx/` in a repository.
   * @default {false}
   */
  readonly isOfRepository?: true;
  /**
   * What is known of few models only is loaded when there is such a file.
   *
   * @param head How the model's main file begins.
   */
  read(text: string, head: Uint8Array): Told | Promise<Told>;
}

/** Teachable Machine's record of a model for TensorFlow.js. */
function readTeachableMachine(text: string): Told {
  const record: unknown = JSON.parse(text);
  if (typeof record !== "object" || record === null || !("labels" in record)) return {};
  const { labels } = record;
  if (!Array.isArray(labels)) return {};
  return { labels: labels.map(String), preprocessing: teachableMachine };
}

/** Names, one a line. Teachable Machine numbers them, beside a model that it has exported as HDF5. */
function readLines(text: string, head: Uint8Array): Told {
  const isTeachable = areNumbered(text) && isHdf5(head);
  return { labels: parseLabels(text), ...(isTeachable && { preprocessing: teachableMachine }) };
}

/** What ml5 notes of a model that it trained: its classes, and the range of the numbers that it scales to 0 … 1. */
interface Ml5Record {
  readonly inputs?: Readonly<Record<string, { readonly min?: number; readonly max?: number }>>;
  readonly outputs?: Readonly<Record<string, { readonly uniqueValues?: readonly unknown[] }>>;
  readonly isNormalized?: boolean;
}

/** How ml5 scales pixels: a picture is its only input, and its numbers become (v − min) / (max − min). */
function ml5Preprocessing({ inputs = {}, isNormalized }: Ml5Record): Told {
  const ranges = Object.values(inputs);
  if (!isNormalized) return { preprocessing: preprocessings.none };
  const { min, max } = ranges[0] ?? {};
  const isRange = ranges.length === 1 && Number.isFinite(min) && Number.isFinite(max) && max! > min!;
  return isRange ? { preprocessing: { name: "ml5", mean: [min!], std: [max! - min!] } } : {};
}

/** ml5's record. */
function readMl5(text: string): Told {
  const record = JSON.parse(text) as Ml5Record | null;
  if (typeof record !== "object" || record === null || !record.outputs) return {};
  const [{ uniqueValues = [] } = {}] = Object.values(record.outputs);
  return {
    ...(Array.isArray(uniqueValues) && uniqueValues.length > 0 && { labels: uniqueValues.map(String) }),
    ...ml5Preprocessing(record),
  };
}

/** The names of classes, in any of the forms of {@linkcode parseLabels}. */
function readNames(text: string): Told {
  return { labels: parseLabels(text) };
}

/** Likewise of a file whose name is so common that it may hold something else. */
function readIfNames(text: string): Told {
  try {
    return readNames(text);
  } catch (error) {
    if (error instanceof TypeError) return {};
    throw error;
  }
}

/** Custom Vision's record. */
async function readCustomVision(text: string): Promise<Told> {
  return (await import("./conventions/image_metadata.ts")).readCustomVision(text);
}

/** What transformers or timm know of a model. */
async function readConfig(text: string): Promise<Told> {
  return (await import("./conventions/model_config.ts")).readModelConfig(text);
}

/** How a processor brings photos to a model. */
async function readProcessor(text: string): Promise<Told> {
  const { readPreprocessorConfig } = await import("./conventions/preprocessor_config.ts");
  const preprocessing = readPreprocessorConfig(text);
  return preprocessing ? { preprocessing } : {};
}

/** The files that are looked for, the ones that win first. */
const sidecars: readonly Sidecar[] = [
  { name: "preprocessing.json", read: (text) => ({ preprocessing: parsePreprocessing(JSON.parse(text)) }) },
  { name: "labels.json", read: readNames },
  { name: "metadata.json", read: readTeachableMachine },
  { name: "labels.txt", read: readLines },
  { name: "label.txt", read: readLines },
  { name: "model_meta.json", read: readMl5 },
  { name: "class_indices.json", read: readNames },
  { name: "class_names.json", read: readIfNames },
  { name: "class_names.txt", read: readIfNames },
  { name: "classes.json", read: readIfNames },
  { name: "classes.txt", read: readIfNames },
  { name: "metadata_properties.json", read: readCustomVision },
  { name: "preprocessor_config.json", isOfRepository: true, read: readProcessor },
  { name: "processor_config.json", isOfRepository: true, read: readProcessor },
  { name: "config.json", isOfRepository: true, read: readConfig },
];

/** How much is said of what is wrong with a file, in characters. */
const longestReason = 300;

/** The folder of a repository that holds its ONNX files. */
const repositoryFolder = "onnx";

/** Where a file may lie, the likeliest first. */
function placesOf({ name, isOfRepository }: Sidecar, { holder }: ModelFolder): string[] {
  return isOfRepository && holder === repositoryFolder ? [name, `../${name}`] : [name];
}

/** The text of the first file that is there, which is empty where none is. */
async function readFirst(
  folder: ModelFolder,
  names: readonly string[],
  signal: AbortSignal,
): Promise<string> {
  for (const name of names) {
    const bytes = await folder.read(name, signal).catch((error) => {
      if (error instanceof ModelError) return undefined; // not readable is as good as not there
      throw error;
    });
    const text = new TextDecoder().decode(bytes);
    if (text !== "" && !text.startsWith("<")) return text; // some servers answer with a page where there is no file
  }
  return "";
}

/**
 * What the files beside a model tell about it: its labels and how it was trained to see pixels.
 *
 * @throws {ModelError} If such a file is there but makes no sense.
 */
export async function readSidecars(folder: ModelFolder): Promise<Omit<Told, "isOfImageNet">> {
  const told = await allOrNone(sidecars.map((sidecar) => async (signal): Promise<Told> => {
    const { name, read } = sidecar;
    const text = await readFirst(folder, placesOf(sidecar, folder), signal);
    if (text === "") return {};
    try {
      const told = await read(text, headOf(folder));
      return told.preprocessing ? { ...told, preprocessingFrom: name } : told;
    } catch (error) {
      throw new ModelError(
        `Cannot use ${name} beside model ${quote(folder.name)}: ${
          cut((error as Error).message, longestReason)
        }`,
      );
    }
  }));
  const { isOfImageNet, ...all }: Told = Object.assign({}, ...told.reverse());
  if (!isOfImageNet || all.labels) return all;
  const { imageNetNames } = await import("./conventions/imagenet_names.ts");
  return { ...all, labels: await imageNetNames() };
}
