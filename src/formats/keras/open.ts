import { ModelError } from "../../base/errors.ts";
import { isNestedTooDeep } from "../../base/nesting.ts";
import { recogniseArchive } from "../foreign.ts";
import type { ExplainableModel, ModelRecord } from "../../split/model.ts";
import { readArchiveWeights } from "./archive_weights.ts";
import type { ByteSource } from "../../platform/byte_source.ts";
import { buildKerasModel } from "./build.ts";
import { readH5Weights } from "./h5_weights.ts";
import { maxNumbers, withHdf5 } from "./hdf5.ts";
import { readLayerTree } from "./layer_tree.ts";
import { type Archive, openArchive } from "./zip.ts";

function parseConfig(text: string, name: string): unknown {
  let config: unknown;
  try {
    config = JSON.parse(text);
  } catch {
    throw new ModelError(`Cannot open model "${name}": its architecture is damaged`);
  }
  if (!isNestedTooDeep(config)) return config;
  throw new ModelError(`Cannot open model "${name}": its architecture is nested too deep`);
}

/**
 * Open a whole model that Keras saved as HDF5.
 *
 * @throws {ModelError} If it is damaged, or holds weights alone.
 */
export async function openKerasH5(
  source: ByteSource,
  name: string,
  record: ModelRecord,
): Promise<ExplainableModel> {
  return await withHdf5(source, name, async (hdf5) => {
    const architecture = hdf5.text("", "model_config");
    if (architecture === undefined) {
      const isWeights = hdf5.texts("", "layer_names") !== undefined || hdf5.keys("layers") !== undefined;
      throw new ModelError(
        `Cannot open model "${name}": ${
          isWeights
            ? "it holds weights but no architecture: save the whole model with model.save()"
            : "it is HDF5, but no Keras model"
        }`,
      );
    }
    const config = parseConfig(architecture, name);
    const weights = readH5Weights(hdf5, readLayerTree(config), name);
    const kerasVersion = hdf5.text("", "keras_version");
    const maxParameters = maxNumbers(source.size);
    const file = { name, format: "keras-h5", kerasVersion, config, maxParameters, weights } as const;
    return await buildKerasModel(file, record);
  });
}

/**
 * Open a `.keras` archive.
 *
 * @param source The archive; it is closed at the end.
 * @throws {ModelError} If it is damaged, or another kind of ZIP archive.
 */
export async function openKerasArchive(
  source: ByteSource,
  name: string,
  record: ModelRecord,
): Promise<ExplainableModel> {
  try {
    return await openInside(openArchive(source, name), name, record);
  } finally {
    source.close();
  }
}

async function openInside(archive: Archive, name: string, record: ModelRecord): Promise<ExplainableModel> {
  const root = findRoot(archive.names);
  if (root === undefined) {
    throw new ModelError(`Cannot open model "${name}": ${recogniseArchive(archive.names)}`);
  }
  const weightsFile = archive.open(`${root}model.weights.h5`);
  if (!weightsFile) {
    throw new ModelError(`Cannot open model "${name}": it holds an architecture but no weights`);
  }
  const read = (entry: string) => new TextDecoder().decode(archive.read(root + entry));
  const config = parseConfig(read("config.json"), name);
  const metadata = parseConfig(read("metadata.json") || "{}", name) as Metadata | null;
  const kerasVersion = typeof metadata?.keras_version === "string" ? metadata.keras_version : undefined;
  return await withHdf5(weightsFile, name, async (hdf5) => {
    const weights = readArchiveWeights(hdf5, readLayerTree(config), name);
    const maxParameters = maxNumbers(weightsFile.size);
    const file = { name, format: "keras-zip", kerasVersion, config, maxParameters, weights } as const;
    return await buildKerasModel(file, record);
  });
}

/** What Keras notes of itself in an archive. */
interface Metadata {
  readonly keras_version?: unknown;
}

/** The folder in an archive that holds the model: none, but in one that was unpacked and packed again. */
function findRoot(names: readonly string[]): string | undefined {
  if (names.includes("config.json")) return "";
  const roots = names.filter((name) => /^[^/]+\/config\.json$/.test(name)).map((name) => name.slice(0, -11));
  return roots.find((root) => names.includes(`${root}model.weights.h5`));
}
