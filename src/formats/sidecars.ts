import { ModelError } from "../base/errors.ts";
import { areNumbered, parseLabels } from "./labels.ts";
import { parsePreprocessing, type Preprocessing, preprocessings } from "../input/preprocess.ts";
import { allOrNone } from "./all_or_none.ts";
import { headOf, type ModelFolder } from "./model_folder.ts";
import { isHdf5 } from "./signatures.ts";

/** What a file beside a model tells about it. */
interface Told {
  readonly labels?: readonly string[];
  readonly preprocessing?: Preprocessing;
}

/** A file that may lie beside a model. */
interface Sidecar {
  readonly name: string;
  /** @param head How the model's main file begins. */
  read(text: string, head: Uint8Array): Told;
}

/** How Teachable Machine's own library makes its input: it crops the middle and scales to −1 … 1. */
const teachableMachine: Preprocessing = { ...preprocessings.tf, name: "teachable-machine", fit: "crop" };

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

/** The files that are looked for, the ones that win first. */
const sidecars: readonly Sidecar[] = [
  { name: "preprocessing.json", read: (text) => ({ preprocessing: parsePreprocessing(JSON.parse(text)) }) },
  { name: "labels.json", read: (text) => ({ labels: parseLabels(text) }) },
  { name: "metadata.json", read: readTeachableMachine },
  { name: "labels.txt", read: readLines },
  { name: "label.txt", read: readLines },
];

/**
 * What the files beside a model tell about it: its labels and how it was trained to see pixels.
 *
 * @throws {ModelError} If such a file is there but makes no sense.
 */
export async function readSidecars(folder: ModelFolder): Promise<Told> {
  const told = await allOrNone(sidecars.map(({ name, read }) => async (signal): Promise<Told> => {
    const bytes = await folder.read(name, signal).catch((error) => {
      if (error instanceof ModelError) return undefined; // not readable is as good as not there
      throw error;
    });
    const text = new TextDecoder().decode(bytes);
    if (text === "" || text.startsWith("<")) return {}; // some servers answer with a page where there is no file
    try {
      return read(text, headOf(folder));
    } catch (error) {
      throw new ModelError(`Cannot use ${name} beside model "${folder.name}": ${(error as Error).message}`);
    }
  }));
  return Object.assign({}, ...told.reverse());
}
