import { ModelError } from "../base/errors.ts";
import { quote } from "../base/quote.ts";
import type { KerasArray, KerasWeights, WeightedLayer } from "./keras/keras_file.ts";
import { leavesOf, readLayerTree } from "./keras/layer_tree.ts";
import { decodeInto } from "./tfjs_numbers.ts";
import type { StoredWeight } from "./tfjs_weights.ts";

/** Below this a variance is no rounding error. */
const smallestVariance = -1e-3;

/** Weights of another layer, as from files in a wrong order, show where a variance is negative. */
function checkVariance({ spec: { name } }: StoredWeight, data: Float32Array, model: string): void {
  if (!/(^|\/)moving_variance$/.test(name)) return;
  const value = data.find((variance) => !(variance > smallestVariance));
  if (value === undefined) return;
  throw new ModelError(
    `Cannot open model ${quote(model)}: its ${
      quote(name)
    } holds ${value}, which no variance can be: its weights files are damaged or in the wrong order`,
  );
}

/** A weight's name without what TensorFlow adds. */
function plainName({ spec }: StoredWeight): string {
  return spec.name.replace(/:\d+$/, "");
}

/** All ways to call a layer from inside the models around it: `a/b/c` is also `b/c` and `c`. */
function endsOf(path: readonly string[]): string[] {
  return path.map((_, index) => path.slice(index).join("/"));
}

/**
 * The layers that a weight may belong to. Before the weight's own name stand those of its layer and, as some versions
 * write it, of the models around it; between the two may stand parts of the layer, such as the cell of an LSTM.
 */
function findOwners(name: string, layers: ReadonlyMap<string, readonly string[]>): readonly string[] {
  const parts = name.split("/").slice(0, -1);
  for (let end = parts.length; end > 0; end--) {
    for (let start = 0; start < end; start++) {
      const owners = layers.get(parts.slice(start, end).join("/"));
      if (owners) return owners;
    }
  }
  return [];
}

/** What a weight is in its layer: its own name, and on which way through a sequence. */
function roleOf(name: string): string {
  const own = name.replace(/:\d+$/, "").split("/").at(-1)!;
  return name.includes("backward") ? `backward ${own}` : own;
}

/**
 * A layer's weights in its own order, which they may be listed in another than; as they are listed where their names do
 * not tell them apart.
 *
 * @param names What the layer calls them.
 */
function inOrder(weights: readonly StoredWeight[], names: readonly string[] = []): readonly StoredWeight[] {
  const byRole = new Map(weights.map((weight) => [roleOf(weight.spec.name), weight]));
  const roles = new Set(names.map(roleOf));
  if (byRole.size !== weights.length || roles.size !== names.length || roles.size !== byRole.size) {
    return weights;
  }
  const others = [...byRole.keys()].filter((role) => !roles.has(role)); // a kernel is called otherwise in some layers
  const ordered = [...roles].flatMap((role) =>
    byRole.get(role) ?? (others.length === 1 ? byRole.get(others[0]!)! : [])
  );
  return ordered.length === weights.length ? ordered : weights;
}

/**
 * The weights of a layers model, by layer.
 *
 * @param stored The weights as the manifest lists them.
 * @param config The architecture: `{ class_name, config }`.
 * @param model What to call the model in messages.
 * @throws {ModelError} If a weight belongs to no layer.
 */
export function sortWeights(stored: readonly StoredWeight[], config: unknown, model: string): KerasWeights {
  const layers = new Map<string, string[]>();
  for (const { path } of leavesOf(readLayerTree(config))) {
    for (const end of endsOf(path)) layers.set(end, [...layers.get(end) ?? [], path.join("/")]);
  }
  const sorted = new Map<string, Map<string, StoredWeight>>();
  for (const weight of stored) {
    if (weight.spec.group === "optimizer") continue;
    const name = plainName(weight);
    const owners = findOwners(name, layers);
    // Of layers with one name in several nested models, the first that has no such weight yet.
    const owner = owners.find((path) => !sorted.get(path)?.has(name));
    if (owner === undefined) {
      const why = owners.length > 0 ? "twice" : "for no layer of its architecture";
      throw new ModelError(`Cannot open model ${quote(model)}: its weights hold ${quote(name)} ${why}`);
    }
    sorted.set(owner, (sorted.get(owner) ?? new Map()).set(name, weight));
  }
  const arraysOf = ({ path, names }: WeightedLayer) => {
    const weights = sorted.get(path.join("/"));
    return weights && inOrder([...weights.values()], names).map((weight): KerasArray => ({
      name: weight.spec.name,
      shape: weight.spec.shape,
      readInto(target) {
        decodeInto(target, weight, model);
        checkVariance(weight, target, model);
      },
    }));
  };
  return { assign: (layers) => layers.map((layer) => () => arraysOf(layer)) };
}
