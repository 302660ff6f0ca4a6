/**
 * Keras models in two files, the architecture as JSON and the weights as HDF5: how the other half is found.
 *
 * @module
 */
import { ModelError } from "../base/errors.ts";
import { listQuoted, quote } from "../base/quote.ts";
import { parseArchitecture } from "./keras/is_architecture.ts";
import { type Half, headOf, type ModelFile } from "./model_folder.ts";
import { isHdf5 } from "./signatures.ts";

/** How the files beside a model are looked at. */
export interface Neighbours {
  /** What to call the model in messages. */
  readonly model: string;
  /** The names of all; `undefined` where they cannot be listed, so that names must be tried. */
  readonly names: readonly string[] | undefined;
  /** Open one; `undefined` if there is no such file. */
  open(name: string): Promise<ModelFile | undefined>;
}

/** What is looked for. */
interface Kind {
  /** The ending of the files that may be it. */
  readonly ending: RegExp;
  /** What files are called that hold it, beside one of a name without ending and without the word for its half. */
  names(stem: string, plain: string): readonly string[];
  /** Whether a file is it. */
  isIt(file: ModelFile): boolean;
  /** What to say where several may be it, of which some are named. */
  several(names: string): string;
}

/** Architectures are small: what is larger is another kind of JSON. */
const largestArchitecture = 2 ** 26;

const kinds: Readonly<Record<Half, Kind>> = {
  weights: {
    ending: /\.(h5|hdf5)$/i,
    names: (stem, plain) =>
      [...new Set([stem, plain])].flatMap((own) => [
        `${own}.weights.h5`,
        `${own}_weights.h5`,
        `${own}-weights.h5`,
        `${own}.h5`,
        `${own}.hdf5`,
      ]).concat("weights.h5", "model.weights.h5", "model_weights.h5", "model.h5", "weights.hdf5"),
    isIt: (file) => isHdf5(headOf(file)),
    several: (names) =>
      `it holds an architecture but no weights, which may be in ${names}: name one with weights (--weights)`,
  },
  architecture: {
    ending: /\.json$/i,
    names: (stem, plain) =>
      [...new Set([stem, plain])].flatMap((own) => [
        `${own}.json`,
        `${own}_architecture.json`,
        `${own}_config.json`,
      ]).concat("model.json", "architecture.json", "model_architecture.json", "config.json"),
    isIt: ({ main }) => main.length <= largestArchitecture && parseArchitecture(main) !== undefined,
    several: (names) =>
      `it holds weights but no architecture, which may be in ${names}: give that one, and name these weights with weights (--weights)`,
  },
};

function baseOf(name: string): string {
  return name.split(/[/\\]/).at(-1)!;
}

/** A file's name without its ending. */
function stemOf(name: string): string {
  return name.replace(/(\.weights)?\.[^.]*$/, "");
}

/** A stem without the word that says which half it is. */
function plainOf(stem: string): string {
  const plain = stem.replace(/(^|[-_. ])(weights?|architecture|arch|structure|topology|config|json)$/i, "");
  return plain === "" ? "model" : plain;
}

async function openIfIt(
  name: string,
  { isIt }: Kind,
  neighbours: Neighbours,
): Promise<ModelFile | undefined> {
  const file = await neighbours.open(name);
  return file && isIt(file) ? file : undefined;
}

/** Try usual names one after another. */
async function tryNames(names: readonly string[], kind: Kind, neighbours: Neighbours) {
  for (const name of names) {
    const file = await openIfIt(name, kind, neighbours);
    if (file) return file;
  }
  return undefined;
}

/**
 * Find the other half of a Keras model: by usual names, else as the only such file beside it, whatever it is called.
 *
 * @param half What is looked for.
 * @param main The name of the file that holds the other half, without folders.
 * @throws {ModelError} If several files may be it.
 */
export async function findHalf(
  half: Half,
  main: string,
  neighbours: Neighbours,
): Promise<ModelFile | undefined> {
  const kind = kinds[half];
  const stem = stemOf(main);
  const usual = [...new Set(kind.names(stem, plainOf(stem)))].filter((name) => name !== main);
  if (!neighbours.names) return await tryNames(usual, kind, neighbours);
  const others = neighbours.names.filter((name) => name !== main && kind.ending.test(name)).sort();
  const found = usual.flatMap((name) =>
    others.filter((other) => other.toLowerCase() === name.toLowerCase()).slice(0, 1)
  );
  const named = await tryNames([...new Set(found)], kind, neighbours);
  if (named) return named;
  const fitting: ModelFile[] = [];
  for (const name of others.slice(0, 32)) {
    const file = await openIfIt(name, kind, neighbours);
    if (file) fitting.push(file);
  }
  if (fitting.length < 2) return fitting[0];
  const names = listQuoted(fitting.slice(0, 5).map(({ name }) => baseOf(name)));
  throw new ModelError(
    `Cannot open model ${quote(neighbours.model)}: ${
      kind.several(fitting.length > 5 ? `${names} …` : names)
    }`,
  );
}
