import { ModelError } from "../../base/errors.ts";
import { isNestedTooDeep } from "../../base/nesting.ts";
import { quote } from "../../base/quote.ts";
import { type ModelFile, type ModelFolder, sourceOf } from "../model_folder.ts";
import type { ExplainableModel, ModelRecord } from "../../split/model.ts";
import { readArchitecture } from "./architecture.ts";
import { buildKerasModel } from "./build.ts";
import { parseArchitecture } from "./is_architecture.ts";
import type { KerasFile } from "./keras_file.ts";
import { findRoot } from "./archive_root.ts";
import { holdsWeights, type WeightsFile, weightsIn, withWeightsOf } from "./weights_file.ts";
import { withHdf5 } from "./hdf5.ts";
import { type Archive, openArchive } from "./zip.ts";

/** What a file says of the network that it holds. */
interface Noted {
  readonly architecture: unknown;
  readonly kerasVersion?: string | undefined;
  readonly format: KerasFile["format"];
  /** What wrote it, where that is another program than Keras. */
  readonly writer?: string | undefined;
}

function parseConfig(text: string, name: string): unknown {
  let config: unknown;
  try {
    config = JSON.parse(text);
  } catch {
    throw new ModelError(`Cannot open model ${quote(name)}: its architecture is damaged`);
  }
  if (!isNestedTooDeep(config)) return config;
  throw new ModelError(`Cannot open model ${quote(name)}: its architecture is nested too deep`);
}

/** Build a network with the weights that were found for it. */
async function build(
  { architecture, kerasVersion: version, format, writer }: Noted,
  weights: WeightsFile,
  name: string,
  record: ModelRecord,
): Promise<ExplainableModel> {
  const { config, kerasVersion, adapt, preprocessing } = await readArchitecture(architecture, name, {
    kerasVersion: version ?? weights.kerasVersion,
    backend: weights.backend,
  });
  const { maxParameters } = weights;
  const own = adapt(weights.weightsFor(config));
  return await buildKerasModel(
    { name, format, kerasVersion, writer, config, maxParameters, weights: own },
    preprocessing && !record.preprocessing
      ? { ...record, preprocessing, preprocessingFrom: "the file's image converter" }
      : record,
  );
}

/**
 * Build a network with the weights that a file holds, alone or in a whole model.
 *
 * @param name What to call the model in messages.
 * @throws {ModelError} If they are damaged, or belong to another network.
 */
export async function buildWith(
  noted: Noted,
  weights: ModelFile,
  name: string,
  record: ModelRecord,
): Promise<ExplainableModel> {
  return await withWeightsOf(weights, name, (file) => build(noted, file, name, record));
}

/**
 * Open a model that Keras saved as HDF5: as a whole, or its weights alone where the architecture lies beside them.
 *
 * @throws {ModelError} If it is damaged, or holds weights without an architecture.
 */
export async function openKerasH5(folder: ModelFolder, record: ModelRecord): Promise<ExplainableModel> {
  const { name } = folder;
  const source = sourceOf(folder);
  return await withHdf5(source, name, async (hdf5) => {
    const text = hdf5.text("", "model_config");
    const weights = weightsIn(hdf5, source.size, name);
    if (text !== undefined) {
      const { kerasVersion } = weights;
      const noted: Noted = { architecture: parseConfig(text, name), kerasVersion, format: "keras-h5" };
      if (folder.weights) return await buildWith(noted, folder.weights, name, record);
      return await build(noted, weights, name, record);
    }
    if (!holdsWeights(hdf5)) {
      throw new ModelError(`Cannot open model ${quote(name)}: it is HDF5, but no Keras model`);
    }
    const beside = await folder.findHalf?.("architecture");
    if (!beside) {
      throw new ModelError(
        `Cannot open model ${
          quote(name)
        }: it holds weights but no architecture: save the whole model with model.save(), or put its architecture, which model.to_json() gives, beside it`,
      );
    }
    const architecture = parseArchitecture(beside.main);
    return await build({ architecture, format: "keras-json" }, weights, name, record);
  });
}

/**
 * Open an architecture with the weights that were named, or that lie beside it.
 *
 * @param architecture What the main file holds.
 * @throws {ModelError} If there are none, or they belong to another network.
 */
export async function openKerasJson(
  architecture: unknown,
  folder: ModelFolder,
  record: ModelRecord,
): Promise<ExplainableModel> {
  const { name } = folder;
  const weights = folder.weights ?? await folder.findHalf?.("weights");
  if (!weights) {
    throw new ModelError(
      `Cannot open model ${
        quote(name)
      }: it holds an architecture but no weights: name the .h5 that holds them with weights (--weights), put it beside it, or save the whole model with model.save()`,
    );
  }
  const kerasVersion = await versionBeside(folder);
  return await buildWith({ architecture, kerasVersion, format: "keras-json" }, weights, name, record);
}

/** The version that an unpacked archive notes beside its architecture; `undefined` where there is none to be read. */
async function versionBeside(folder: ModelFolder): Promise<string | undefined> {
  try {
    const metadata = new TextDecoder().decode(await folder.read("metadata.json"));
    const { keras_version: version } = JSON.parse(metadata) as Metadata;
    return typeof version === "string" ? version : undefined;
  } catch (error) {
    const isNone = error instanceof ModelError || error instanceof SyntaxError || error instanceof TypeError;
    if (isNone) return undefined;
    throw error;
  }
}

/**
 * Open a `.keras` archive.
 *
 * @throws {ModelError} If it is damaged, or another kind of ZIP archive.
 */
export async function openKerasArchive(folder: ModelFolder, record: ModelRecord): Promise<ExplainableModel> {
  const { name } = folder;
  const source = sourceOf(folder);
  let noted: Noted;
  try {
    noted = await readInside(openArchive(source, name), folder);
  } finally {
    source.close();
  }
  return await buildWith(noted, folder.weights ?? folder, name, record);
}

async function readInside(archive: Archive, { name, weights }: ModelFolder): Promise<Noted> {
  const root = findRoot(archive.names);
  if (root === undefined) {
    const { recogniseArchive } = await import("../foreign.ts");
    throw new ModelError(`Cannot open model ${quote(name)}: ${recogniseArchive(archive.names)}`);
  }
  if (!weights && !archive.names.includes(`${root}model.weights.h5`)) {
    throw new ModelError(`Cannot open model ${quote(name)}: it holds an architecture but no weights`);
  }
  const read = (entry: string) => new TextDecoder().decode(archive.read(root + entry));
  const metadata = parseConfig(read("metadata.json") || "{}", name) as Metadata | null;
  return {
    architecture: parseConfig(read("config.json"), name),
    kerasVersion: typeof metadata?.keras_version === "string" ? metadata.keras_version : undefined,
    format: "keras-zip",
  };
}

/** What Keras notes of itself in an archive. */
interface Metadata {
  readonly keras_version?: unknown;
}
