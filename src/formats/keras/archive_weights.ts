import { ModelError } from "../../base/errors.ts";
import { listQuoted, quote } from "../../base/quote.ts";
import type { Hdf5 } from "./hdf5.ts";
import type { KerasArray, KerasWeights } from "./keras_file.ts";
import type { LayerNode } from "./layer_tree.ts";
import { toSnakeCase } from "./names.ts";

/** Where a model's layers lie in the versions of the format. */
const containers = ["layers", "_layer_checkpoint_dependencies"];

/** What a layer keeps in parts of its own, in the order in which Keras lists their weights. */
const parts: Readonly<Record<string, readonly string[]>> = {
  Bidirectional: ["forward_layer", "backward_layer"],
  GRU: ["cell"],
  GroupQueryAttention: ["query_dense", "key_dense", "value_dense", "output_dense"],
  LSTM: ["cell"],
  MultiHeadAttention: ["query_dense", "key_dense", "value_dense", "output_dense"],
  SimpleRNN: ["cell"],
  SpectralNormalization: ["layer"],
  TimeDistributed: ["layer"],
};

/**
 * The groups of a model's layers: by the names that recent versions note in them, else by class and order. Where names
 * are noted, a layer without one has no weights.
 */
function findGroups(
  file: Hdf5,
  container: string,
  { layers, isWrittenOut = false }: LayerNode,
): Map<LayerNode, string> {
  const named = new Map<string, string>();
  for (const key of file.keys(container) ?? []) {
    const name = file.text(`${container}/${key}/vars`, "name");
    if (name !== undefined) named.set(name, key);
  }
  // Of a network that was built anew before it was saved they are other names: Keras goes by class and order alone.
  const names = new Set(layers.map(({ name }) => name));
  const isNamed = named.size > 0 && (isWrittenOut || [...named.keys()].every((name) => names.has(name)));
  const counts = new Map<string, number>();
  const stems = layers.map(({ className }) => toSnakeCase(className));
  return new Map(layers.map((layer) => {
    const stem = toSnakeCase(layer.className);
    const count = counts.get(stem) ?? 0;
    counts.set(stem, count + 1);
    const byOrder = count === 0 ? stem : `${stem}_${count}`;
    const isKnown = !isWrittenOut || stems.indexOf(stem) === stems.lastIndexOf(stem);
    const found = isNamed ? named.get(layer.name) : undefined;
    const key = found ?? (isKnown && (isWrittenOut || !isNamed) ? byOrder : "?");
    return [layer, `${container}/${key}`];
  }));
}

function readVariables(file: Hdf5, group: string): KerasArray[] {
  const keys = [...file.keys(`${group}/vars`) ?? []].sort((a, b) => Number(a) - Number(b));
  return keys.flatMap((key) => file.array(`${group}/vars/${key}`) ?? []);
}

/** The parts of a layer that hold weights, at any depth. */
function weightedParts(file: Hdf5, group: string): string[] {
  return (file.keys(group) ?? []).filter((key) => key !== "vars").filter((key) => {
    const part = `${group}/${key}`;
    return (file.keys(`${part}/vars`)?.length ?? 0) > 0 || weightedParts(file, part).length > 0;
  });
}

/** The arrays of a layer: its own, then those of its parts. */
function readLayer(file: Hdf5, group: string, className: string | undefined, where: string): KerasArray[] {
  const own = className === "SpectralNormalization" ? [] : readVariables(file, group); // its own are for training
  const found = weightedParts(file, group);
  const order = parts[className ?? ""]?.map((part) => found.find((key) => key.replace(/^_/, "") === part))
    .filter((part) => part !== undefined);
  if (!order && found.length > 1) {
    throw new ModelError(
      `${where} keeps its weights in the parts ${
        listQuoted(found)
      }, whose order is not known: save the model as .h5`,
    );
  }
  return [
    ...own,
    ...(order ?? found).flatMap((part) => readLayer(file, `${group}/${part}`, undefined, where)),
  ];
}

/** Where a layer's arrays lie. */
interface Place {
  readonly group: string;
  readonly className: string;
  /** Which of them it takes, if not all. */
  readonly arrays: readonly string[] | undefined;
}

/** A path inside a group, `""` for the outermost one. */
function joined(...parts: readonly string[]): string {
  return parts.filter((part) => part !== "").join("/");
}

/**
 * The weights of a `.keras` archive: groups nested as the layers are, arrays numbered.
 *
 * @param file `model.weights.h5`, open; arrays are read when they are asked for.
 * @param tree The architecture.
 * @param name What to call the file in messages.
 */
export function readArchiveWeights(file: Hdf5, tree: LayerNode, name: string): KerasWeights {
  const groups = new Map<string, Place>();
  function collect(node: LayerNode, group: string, path: readonly string[]): void {
    const container = containers.map((key) => group ? `${group}/${key}` : key)
      .find((candidate) => file.keys(candidate)) ?? containers[0]!;
    for (const [layer, found] of findGroups(file, container, node)) {
      const { className, stored } = layer;
      const at = stored ? joined(group, stored.group) : found;
      const layerPath = [...path, layer.name];
      groups.set(JSON.stringify(layerPath), { group: at, className, arrays: stored?.arrays });
      if (layer.layers.length > 0) collect(layer, at, layerPath);
    }
  }
  collect(tree, "", []);
  return {
    assign: (layers) =>
      layers.map(({ path }) => () => {
        const found = groups.get(JSON.stringify(path));
        if (!found) return undefined;
        const where = `Cannot open model ${quote(name)}: layer ${quote(path.join("/"))}`;
        const arrays = found.arrays?.flatMap((array) => file.array(joined(found.group, array)) ?? []) ??
          readLayer(file, found.group, found.className, where);
        return arrays.length > 0 ? arrays : undefined;
      }),
  };
}
