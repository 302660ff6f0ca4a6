import type { Hdf5 } from "./hdf5.ts";
import type { KerasArray, KerasWeights } from "./keras_file.ts";
import type { LayerNode } from "./layer_tree.ts";

/** Where a model's layers lie in the versions of the format. */
const containers = ["layers", "_layer_checkpoint_dependencies"];

/** A class's name as Keras writes it in paths: `DepthwiseConv2D` is `depthwise_conv2d`. */
export function toSnakeCase(className: string): string {
  return className.replaceAll(/\W+/g, "")
    .replaceAll(/(.)([A-Z][a-z]+)/g, "$1_$2")
    .replaceAll(/([a-z])([A-Z])/g, "$1_$2")
    .toLowerCase();
}

/** The groups of a model's layers: by the names that recent versions note in them, else by class and order. */
function findGroups(file: Hdf5, container: string, layers: readonly LayerNode[]): Map<LayerNode, string> {
  const named = new Map<string, string>();
  for (const key of file.keys(container) ?? []) {
    const name = file.text(`${container}/${key}/vars`, "name");
    if (name !== undefined) named.set(name, key);
  }
  const counts = new Map<string, number>();
  return new Map(layers.map((layer) => {
    const stem = toSnakeCase(layer.className);
    const count = counts.get(stem) ?? 0;
    counts.set(stem, count + 1);
    const key = named.get(layer.name) ?? (count === 0 ? stem : `${stem}_${count}`);
    return [layer, `${container}/${key}`];
  }));
}

function readArrays(file: Hdf5, group: string): KerasArray[] {
  const keys = [...file.keys(group) ?? []].sort((a, b) => Number(a) - Number(b));
  return keys.flatMap((key) => file.array(`${group}/${key}`) ?? []);
}

/**
 * The weights of a `.keras` archive: groups nested as the layers are, arrays numbered.
 *
 * @param file `model.weights.h5`, open; arrays are read when they are asked for.
 * @param tree The architecture.
 */
export function readArchiveWeights(file: Hdf5, tree: LayerNode): KerasWeights {
  const groups = new Map<string, string>();
  function collect(node: LayerNode, group: string, path: readonly string[]): void {
    const container = containers.map((name) => group ? `${group}/${name}` : name)
      .find((candidate) => file.keys(candidate)) ?? containers[0]!;
    for (const [layer, at] of findGroups(file, container, node.layers)) {
      const layerPath = [...path, layer.name];
      groups.set(layerPath.join("/"), `${at}/vars`);
      if (layer.layers.length > 0) collect(layer, at, layerPath);
    }
  }
  collect(tree, "", []);
  return {
    of(path) {
      const group = groups.get(path.join("/"));
      const arrays = group === undefined ? [] : readArrays(file, group);
      return arrays.length > 0 ? arrays : undefined;
    },
  };
}
