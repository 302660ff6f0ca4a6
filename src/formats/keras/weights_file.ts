import { ModelError } from "../../base/errors.ts";
import { quote } from "../../base/quote.ts";
import { headOf, type ModelFile, sourceOf } from "../model_folder.ts";
import { isHdf5, isZip } from "../signatures.ts";
import type { ByteSource } from "../../platform/byte_source.ts";
import { readArchiveWeights } from "./archive_weights.ts";
import { findRoot } from "./archive_root.ts";
import { readH5Weights } from "./h5_weights.ts";
import { type Hdf5, maxNumbers, withHdf5 } from "./hdf5.ts";
import type { KerasWeights } from "./keras_file.ts";
import { isWrittenOut, readLayerTree } from "./layer_tree.ts";
import { openArchive } from "./zip.ts";

/** The weights in a file, and what it says of their origin. */
export interface WeightsFile {
  readonly kerasVersion: string | undefined;
  /** What Keras computed with, such as `"theano"`. */
  readonly backend: string | undefined;
  /** How many numbers they can be, however they are packed. */
  readonly maxParameters: number;
  /**
   * The weights of a network.
   *
   * @param config Its architecture.
   */
  weightsFor(config: unknown): KerasWeights;
}

/** Whether a file is laid out as in a `.keras` archive: groups nested as the layers are, arrays numbered. */
function isNested(hdf5: Hdf5): boolean {
  if (hdf5.texts("", "layer_names") !== undefined || hdf5.keys("model_weights")) return false;
  return hdf5.keys("layers") !== undefined || hdf5.keys("_layer_checkpoint_dependencies") !== undefined;
}

/** Whether a file holds weights as any version of Keras writes them. */
export function holdsWeights(hdf5: Hdf5): boolean {
  return isNested(hdf5) || hdf5.texts("", "layer_names") !== undefined ||
    ["model_weights", "layer_0"].some((group) => hdf5.keys(group));
}

/**
 * The weights in an HDF5 file, whichever version of Keras wrote it.
 *
 * @param size How large the file is, in bytes.
 * @param name What to call the model in messages.
 */
export function weightsIn(hdf5: Hdf5, size: number, name: string): WeightsFile {
  return {
    kerasVersion: hdf5.text("", "keras_version"),
    backend: hdf5.text("", "backend"),
    maxParameters: maxNumbers(size),
    weightsFor(config) {
      const tree = readLayerTree(config);
      if (!isNested(hdf5) && isWrittenOut(tree)) {
        throw new ModelError(
          `Cannot open model ${
            quote(name)
          }: of keras-hub's classes an .h5 file does not say whose its weights are: save it as .keras`,
        );
      }
      return isNested(hdf5) ? readArchiveWeights(hdf5, tree, name) : readH5Weights(hdf5, tree, name);
    },
  };
}

/** The weights inside an archive. */
function openInside(archive: ByteSource, name: string): ByteSource {
  const { names, open } = openArchive(archive, name);
  const weights = open(`${findRoot(names) ?? ""}model.weights.h5`);
  if (weights) return weights;
  throw new ModelError(`Cannot open model ${quote(name)}: it holds an architecture but no weights`);
}

/**
 * Open a file of weights, or a whole model for its weights, do something with them, and close it.
 *
 * @param name What to call the model in messages.
 * @throws {ModelError} If it is damaged, or of another kind.
 */
export async function withWeightsOf<T>(
  file: ModelFile,
  name: string,
  use: (weights: WeightsFile) => Promise<T>,
): Promise<T> {
  const head = headOf(file);
  if (!isHdf5(head) && !isZip(head)) {
    throw new ModelError(
      `Cannot open weights ${
        quote(file.name)
      }: they are no HDF5 file: give what model.save_weights() or model.save() writes`,
    );
  }
  const source = sourceOf(file);
  if (isHdf5(head)) return await withHdf5(source, name, (hdf5) => use(weightsIn(hdf5, source.size, name)));
  try {
    const inner = openInside(source, file.name);
    return await withHdf5(inner, name, (hdf5) => use(weightsIn(hdf5, inner.size, name)));
  } finally {
    source.close();
  }
}
