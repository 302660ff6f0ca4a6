import { ModelError } from "../errors.ts";
import type { Hdf5 } from "./hdf5.ts";
import type { KerasArray, KerasWeights } from "./keras_file.ts";
import { type LayerNode, leavesOf } from "./layer_tree.ts";

/** Where a weight stands: `conv/kernel:0` belongs to "conv". */
function ownerOf(weight: string): string {
  return weight.split("/").at(-2) ?? "";
}

/**
 * Sort a nested model's weights by the layers inside it. Keras lists the trainable ones of all layers first, so that
 * a layer's own need not stand together; their names say whose they are. Where names and layers have gone separate
 * ways, as after renaming, the n-th name stands for the n-th layer with weights.
 */
function assign(weights: readonly string[], leaves: readonly string[]): Map<string, string[]> {
  const groups = new Map<string, string[]>();
  for (const weight of weights) groups.set(ownerOf(weight), [...groups.get(ownerOf(weight)) ?? [], weight]);
  const isKnown = [...groups.keys()].every((owner) => leaves.includes(owner));
  return isKnown ? groups : new Map();
}

/**
 * The weights of a whole model as Keras saves it in HDF5: by the names of the outermost layers, each with a list
 * of its weights.
 *
 * @param file The file, open; arrays are read when they are asked for.
 * @param tree The architecture.
 * @param name What to call the file in messages.
 * @throws {ModelError} If weights are missing.
 */
export function readH5Weights(file: Hdf5, tree: LayerNode, name: string): KerasWeights {
  const root = file.keys("model_weights") ? "model_weights/" : "";
  const places = new Map<string, { group: string; weights: readonly string[] }>();
  function readArray(group: string, weight: string): KerasArray {
    const array = file.array(`${group}/${weight}`);
    if (array) return array;
    throw new ModelError(`Cannot open model "${name}": its weights "${weight}" are missing`);
  }
  for (const layer of tree.layers) {
    const group = `${root}${layer.name}`;
    const weights = file.texts(group, "weight_names") ?? [];
    if (layer.layers.length === 0) {
      if (weights.length > 0) places.set(layer.name, { group, weights });
      continue;
    }
    const leaves = leavesOf(layer, [layer.name]);
    const groups = assign(weights, leaves.map(({ node }) => node.name));
    if (groups.size === 0 && weights.length > 0) {
      throw new ModelError(
        `Cannot open model "${name}": the weights of "${layer.name}" bear other names than its layers: save it as .keras`,
      );
    }
    for (const { path, node } of leaves) {
      const own = groups.get(node.name);
      if (own) places.set(path.join("/"), { group, weights: own });
    }
  }
  return {
    of(path) {
      const place = places.get(path.join("/"));
      return place?.weights.map((weight) => readArray(place.group, weight));
    },
  };
}
