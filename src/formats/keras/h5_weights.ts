import { ModelError } from "../../base/errors.ts";
import { quote } from "../../base/quote.ts";
import { findPlaces, type Place } from "./h5_places.ts";
import type { Hdf5 } from "./hdf5.ts";
import type { KerasArray, KerasWeights, WeightedLayer } from "./keras_file.ts";
import { type LayerNode, leavesOf } from "./layer_tree.ts";

/** How many arrays of weights some layers take. */
function countOf(layers: readonly WeightedLayer[]): number {
  return layers.reduce((sum, { trainable, fixed }) => sum + trainable + fixed, 0);
}

/** Weights that training leaves alone, and which SpectralNormalization's layer does not have. */
const leftOut = /\/(sn_u|vector_u)(:\d+)?$/;

/**
 * Find a nested model's arrays by their names, such as `block/conv/kernel:0` for the layer "conv". These tell even where
 * the order does not: early versions forget that a whole model was frozen.
 *
 * @returns The names of each layer's arrays; `undefined` unless each belongs to one layer, and no layer lacks any.
 */
function findByName(names: readonly string[], layers: readonly WeightedLayer[]): string[][] | undefined {
  const owners = names.map((weight) => new Set(weight.split("/").slice(0, -1)));
  const isOf = ({ path }: WeightedLayer, index: number) => owners[index]!.has(path.at(-1)!);
  const found = layers.map((layer) => names.filter((_, index) => isOf(layer, index)));
  const isWhole = found.every((own, index) => own.length === layers[index]!.trainable + layers[index]!.fixed);
  return isWhole && new Set(found.flat()).size === names.length ? found : undefined;
}

/**
 * Deal a nested model's arrays out to the layers inside it, as Keras does when it opens the file: it lists the
 * trainable ones of all layers first, then the others; all arrays of a frozen layer are among the others.
 *
 * @returns The names of each layer's arrays; `undefined` if there are more or fewer than the layers take.
 */
function deal(
  names: readonly string[],
  layers: readonly WeightedLayer[],
  frozen: ReadonlySet<string>,
): string[][] | undefined {
  const isFrozen = ({ path }: WeightedLayer) => frozen.has(JSON.stringify(path));
  if (countOf(layers) !== names.length) return undefined;
  const rest = [...names];
  const trained = layers.map((layer) => isFrozen(layer) ? [] : rest.splice(0, layer.trainable));
  return layers.map((layer, index) => [
    ...trained[index]!,
    ...rest.splice(0, isFrozen(layer) ? layer.trainable + layer.fixed : layer.fixed),
  ]);
}

/** The paths of the layers inside a model that are not trained. */
function frozenPaths(tree: LayerNode): ReadonlySet<string> {
  const frozen = leavesOf(tree).filter(({ node }) => !node.trainable);
  return new Set(frozen.map(({ path }) => JSON.stringify(path)));
}

/**
 * The weights of a whole model as Keras saves it in HDF5: by the names of the outermost layers, each with a list
 * of its weights.
 *
 * @param file The file, open; arrays are read when they are asked for.
 * @param tree The architecture.
 * @param name What to call the file in messages.
 */
export function readH5Weights(file: Hdf5, tree: LayerNode, name: string): KerasWeights {
  const frozen = frozenPaths(tree);
  function readArray(group: string, weight: string): KerasArray {
    const array = file.array(`${group}/${weight}`);
    if (array) return array;
    throw new ModelError(`Cannot open model ${quote(name)}: its weights ${quote(weight)} are missing`);
  }
  function assignInside(outer: string, { group, names }: Place, layers: readonly WeightedLayer[]) {
    const isNested = layers[0]!.path.length > 1;
    const kept = names.filter((weight) => !leftOut.test(weight));
    const dealt = isNested && kept.length > 0
      ? findByName(kept, layers) ?? deal(kept, layers, frozen)
      : layers.map(() => kept);
    if (!dealt) {
      const taken = countOf(layers);
      throw new ModelError(
        `Cannot open model ${quote(name)}: the layers inside ${
          quote(outer)
        } take ${taken} arrays of weights, the file has ${kept.length}`,
      );
    }
    return dealt.map((weights) => () =>
      weights.length > 0 ? weights.map((weight) => readArray(group, weight)) : undefined
    );
  }
  return {
    assign(layers) {
      const byOuter = Map.groupBy(layers, ({ path }) => path[0]!);
      const counts = byOuter.entries().map(([outer, inner]) => [outer, countOf(inner)] as const);
      const places = findPlaces(file, new Map(counts));
      const readers = new Map(
        [...byOuter].flatMap(([outer, inner]) =>
          assignInside(outer, places.get(outer)!, inner).map((read, index) => [inner[index]!, read] as const)
        ),
      );
      return layers.map((layer) => readers.get(layer)!);
    },
  };
}
