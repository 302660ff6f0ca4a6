import { ensureBackend } from "../../backends/mod.ts";
import { backendOf } from "../explain/gradcam_options.ts";
import { asExplainable, isModel, type Model, openModel } from "../explain/model.ts";
import { classNames } from "../explain/classes.ts";
import { type FolderSource, openFolder } from "../formats/folder.ts";
import { isExplainable, type ModelSource, openModelFolder } from "../formats/mod.ts";
import { RecordingFolder, type SharedModel } from "../jobs/shared_model.ts";
import type { ExplainableModel } from "../split/model.ts";
import { findOutput } from "../split/outputs.ts";
import type { EvaluateOptions } from "./evaluate_options.ts";
import { sha256 } from "../base/sha256.ts";
import type { ModelAbout } from "./summary.ts";

/** A model that is open. */
export interface OpenedModel {
  readonly about: ModelAbout;
  readonly model: ExplainableModel;
  /** Its files, for workers; `undefined` of one that was given open. */
  readonly files: SharedModel | undefined;
  /** The names of its classes, where they are known. */
  readonly labels: readonly string[] | undefined;
  /** How many classes it has. */
  readonly classes: number;
  /** Free it, if it was opened here. */
  dispose(): void;
}

/** What the embedded model is called. */
const embeddedName = "EfficientNet-Lite0 (embedded)";

/** SHA-256 over a model's files: each one's name, length and content, the main one first. */
export async function hashOf({ name: _, main, weights, halves, files }: SharedModel): Promise<string> {
  const others = [...halves.values(), weights].flatMap((file) => file?.main ?? []);
  const beside = [...files].filter(([, bytes]) => bytes).sort(([a], [b]) => a < b ? -1 : 1);
  const hashes = await Promise.all(
    [main, ...others, ...beside.map(([, bytes]) => bytes!)].map((bytes) => sha256(bytes.slice()) // of shared memory none is taken
    ),
  );
  if (hashes.length === 1) return hashes[0]!; // as any program has it of the file
  return await sha256(hashes.join("\n"));
}

function classesOf(model: ExplainableModel, { labels: given, output }: EvaluateOptions) {
  const { shape } = model.outputs[findOutput(model.outputs, output ?? 0)]!;
  const units = shape.at(-1) ?? undefined;
  const labels = classNames(given ?? model.labels, units === 1);
  return {
    labels,
    classes: units === 1 ? Math.max(labels?.length ?? 1, 1) : units ?? labels?.length ?? Infinity,
  };
}

/** What a file is called; with its folder where all of its kind have the same name. */
function nameOf({ title = "model", holder }: RecordingFolder): string {
  return /^model\.(json|keras|h5|onnx)$/i.test(title) && holder !== undefined ? `${holder}/${title}` : title;
}

async function openFiles(
  source: ModelSource | undefined,
  { weights, labels, preprocess, identity, signal }: EvaluateOptions,
): Promise<Pick<OpenedModel, "about" | "model" | "files" | "dispose">> {
  const folder = new RecordingFolder(
    await openFolder(source as FolderSource | undefined, { weights, signal }),
  );
  const model = await openModelFolder(folder, { labels, preprocess, identity });
  try {
    const files = folder.shared();
    const name = source === undefined ? embeddedName : nameOf(folder);
    return { about: { name, hash: await hashOf(files) }, model, files, dispose: () => model.dispose() };
  } catch (error) {
    model.dispose();
    throw error;
  }
}

async function openHeld(held: Model): Promise<Pick<OpenedModel, "about" | "model" | "files" | "dispose">> {
  await (await openModel(held, undefined)).close();
  const model = asExplainable(held);
  return {
    about: { name: model.name ?? "model", hash: undefined },
    model,
    files: undefined,
    dispose: () => {},
  };
}

/** Names of which none is another's: a second one of a name is numbered. */
function distinct(models: readonly OpenedModel[]): OpenedModel[] {
  return models.map((opened, at) => {
    const { name } = opened.about;
    const before = models.slice(0, at).filter(({ about }) => about.name === name).length;
    return before === 0 ? opened : { ...opened, about: { ...opened.about, name: `${name} (${before + 1})` } };
  });
}

/**
 * Open all models of an evaluation.
 *
 * @throws {ModelError} If one cannot be opened; those before it are freed.
 */
export async function openModels(options: EvaluateOptions): Promise<OpenedModel[]> {
  const { models = [options.model] } = options;
  await ensureBackend(backendOf(options), options.signal);
  const opened: OpenedModel[] = [];
  try {
    for (const source of models) {
      const one = isModel(source) || isExplainable(source)
        ? await openHeld(source)
        : await openFiles(source, options);
      opened.push({ ...one, ...classesOf(one.model, options) });
    }
    return distinct(opened);
  } catch (error) {
    opened.forEach(({ dispose }) => dispose());
    throw error;
  }
}
