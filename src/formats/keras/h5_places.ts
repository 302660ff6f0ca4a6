import type { Hdf5 } from "./hdf5.ts";

/** Where the weights of an outermost layer lie, and the names of its arrays in order. */
export interface Place {
  readonly group: string;
  readonly names: readonly string[];
}

/** The groups of a file of Keras 0.3, which has no names: layers are numbered, and so are their arrays. */
function numberedPlaces(file: Hdf5, root: string): Place[] {
  const places: Place[] = [];
  for (let layer = 0;; layer++) {
    const group = `${root}layer_${layer}`;
    const keys = file.keys(group);
    if (!keys) return places;
    const names = keys.filter((key) => /^param_\d+$/.test(key));
    places.push({ group, names: names.sort((a, b) => Number(a.slice(6)) - Number(b.slice(6))) });
  }
}

/** The groups of a file with the names of layers. */
function namedPlaces(file: Hdf5, root: string, names: readonly string[]): Place[] {
  return names.map((name) => {
    const group = `${root}${name}`;
    return { group, names: file.texts(group, "weight_names") ?? [] };
  });
}

/**
 * Where the weights of a model's outermost layers lie: by the names of the layers; where these are not the file's, as
 * of a network that was built anew before it was saved, one after another, as Keras opens such a file.
 *
 * @param file The file, open.
 * @param layers How many arrays each layer takes that has weights, by name and in the order of the architecture.
 */
export function findPlaces(file: Hdf5, layers: ReadonlyMap<string, number>): ReadonlyMap<string, Place> {
  const root = file.keys("model_weights") ? "model_weights/" : "";
  const names = [...layers.keys()];
  const own = namedPlaces(file, root, names);
  const named = new Map(names.map((name, index) => [name, own[index]!]));
  if (own.every(({ names }) => names.length > 0)) return named;
  const listed = file.texts(root.slice(0, -1), "layer_names");
  const places = listed ? namedPlaces(file, root, listed) : numberedPlaces(file, root);
  const weighted = places.filter(({ names }) => names.length > 0);
  const fits = weighted.length === layers.size &&
    [...layers.values()].every((count, index) => count === weighted[index]!.names.length);
  return fits ? new Map(names.map((name, index) => [name, weighted[index]!])) : named;
}
