import { ModelError } from "../errors.ts";
import { parseLabels } from "../labels.ts";
import { parsePreprocessing, type Preprocessing, preprocessings } from "../preprocess.ts";
import { allOrNone } from "./all_or_none.ts";
import type { ModelFolder } from "./folder.ts";

/** What a file beside a model tells about it. */
interface Told {
  readonly labels?: readonly string[];
  readonly preprocessing?: Preprocessing;
}

/** A file that may lie beside a model. */
interface Sidecar {
  readonly name: string;
  read(text: string): Told;
}

/** Teachable Machine's record: the labels, and that its own library crops the middle and scales to −1 … 1. */
function readTeachableMachine(text: string): Told {
  const record: unknown = JSON.parse(text);
  if (typeof record !== "object" || record === null || !("labels" in record)) return {};
  const { labels } = record;
  if (!Array.isArray(labels)) return {};
  return {
    labels: labels.map(String),
    preprocessing: { ...preprocessings.tf, name: "teachable-machine", fit: "crop" },
  };
}

/** The files that are looked for, the ones that win first. */
const sidecars: readonly Sidecar[] = [
  { name: "preprocessing.json", read: (text) => ({ preprocessing: parsePreprocessing(JSON.parse(text)) }) },
  { name: "labels.json", read: (text) => ({ labels: parseLabels(text) }) },
  { name: "metadata.json", read: readTeachableMachine },
  { name: "labels.txt", read: (text) => ({ labels: parseLabels(text) }) },
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
      return read(text);
    } catch (error) {
      throw new ModelError(`Cannot use ${name} beside model "${folder.name}": ${(error as Error).message}`);
    }
  }));
  return Object.assign({}, ...told.reverse());
}
