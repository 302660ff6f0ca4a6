import { LayerNotFoundError } from "../base/errors.ts";
import { nearest } from "../base/nearest.ts";
import { listed, quote } from "../base/quote.ts";
import type { LayerInfo } from "./model.ts";

/** A layer that was chosen, and what the user should know about the choice. */
export interface LayerChoice {
  /** The full path. */
  readonly path: string;
  /** Such as layers passed over because their output is a single pixel. */
  readonly warnings: readonly string[];
}

/**
 * Whether a map can be taken at a layer: its output has height, width and channels, and is one picture's. A
 * converted graph cuts a picture into a batch of pieces for a dilated convolution.
 */
export function isSpatial({ outputShape }: LayerInfo): boolean {
  return outputShape.length === 4 && (outputShape[0] === null || outputShape[0] === 1);
}

/** Whether a layer's output is one pixel, so that a map of it says nothing. */
export function isSinglePixel({ outputShape: [, height, width] }: LayerInfo): boolean {
  return height === 1 && width === 1;
}

/** Whether a layer computes anything: a model's input is listed as a layer too. */
export function isInput({ kind }: LayerInfo): boolean {
  return kind === "InputLayer" || kind === "Placeholder";
}

/**
 * Why no layer has a 4-D output, as far as shapes tell, to stand after "no layer has a 4-D output"; empty where they
 * do not.
 */
export function whyNoneSpatial(layers: readonly LayerInfo[]): string {
  const volume = layers.find((layer) => layer.outputShape.length === 5 && isInput(layer)) ??
    layers.find(({ outputShape }) => outputShape.length === 5);
  if (!volume) return "";
  const shape = volume.outputShape.map((size) => size ?? "any").join(", ");
  const what = isInput(volume) ? "input" : `layer ${quote(volume.path)}`;
  return `it is a network of volumes or of videos, its ${what} is 5-D, [${shape}]: maps are taken of pictures`;
}

/** Whether it is an operation that a functional model recorded, which Keras 3 does not count among its layers. */
export function isOperation({ kind, path, parameters }: LayerInfo): boolean {
  if (kind === "Operation") return true;
  // In a graph it is under the name that Keras 2 gave it, unless a convolution took it in.
  return parameters === undefined && /(^|\/)tf\.[^/]+\/[^/]+$/.test(path) && !/conv/i.test(kind);
}

/** Whether a graph's node has no rows and columns of the picture's: it may be anything with four axes. */
function isUntraced({ stride, parameters }: LayerInfo): boolean {
  return stride === undefined && parameters === undefined;
}

/** Whether it only gives a graph's output its name. */
function isAlias({ kind, parameters }: LayerInfo): boolean {
  return kind === "Identity" && parameters === undefined;
}

/**
 * The layer to explain when none is named: the last one with a 4-D output, as in the reference.
 *
 * As in Keras, a nested model counts as one layer; only where no layer of the outermost model is spatial are
 * the nested ones looked through. Inputs do not count, recorded operations only where there is no layer, and outputs of
 * a single pixel are passed over.
 *
 * @param layers All layers in the order of the model.
 * @throws {LayerNotFoundError} If no layer has a 4-D output.
 */
function findDefaultLayer(layers: readonly LayerInfo[]): LayerChoice {
  const all = layers.filter((layer) => isSpatial(layer) && !isInput(layer) && !isAlias(layer)).reverse();
  const own = all.filter((layer) => !isOperation(layer));
  const candidates = own.length > 0 ? own : all;
  const outermost = candidates.filter(({ parent }) => parent === "");
  const traced = candidates.filter((layer) => !isUntraced(layer));
  const ranked = [outermost, traced].find((some) => some.some((layer) => !isSinglePixel(layer))) ??
    candidates;
  const chosen = ranked.find((layer) => !isSinglePixel(layer)) ?? ranked[0];
  if (!chosen) {
    const volumes = whyNoneSpatial(layers);
    const names = layers.map(({ path, outputShape }) => `${path} [${outputShape.slice(1).join(", ")}]`);
    const more = volumes ? `I${volumes.slice(1)}` : `The layers are: ${listed(names)}`;
    throw new LayerNotFoundError(`Could not find 4D layer. Cannot apply Grad-CAM. ${more}`);
  }
  if (isSinglePixel(chosen)) {
    return {
      path: chosen.path,
      warnings: [`Layer ${quote(chosen.path)} has an output of one pixel: its map says nothing`],
    };
  }
  const skipped = ranked.slice(0, ranked.indexOf(chosen)).map(({ path }) => path);
  return {
    path: chosen.path,
    warnings: skipped.length === 0
      ? []
      : [`Passed over ${listed(skipped)}, whose output is one pixel, for ${quote(chosen.path)}`],
  };
}

/** Finds a layer by a name that is no path. */
export type NameFinder = (name: string) => LayerChoice | undefined;

/**
 * The layer of a name: its full path, else what the finder finds, else the one nested layer whose path ends so.
 *
 * @param layers All layers in the order of the model.
 * @param name As the user gives it.
 * @param find What else a name may mean in such a model.
 * @throws {LayerNotFoundError} If no layer, or more than one, bears the name.
 */
function findLayer(layers: readonly LayerInfo[], name: string, find: NameFinder): LayerChoice {
  if (layers.some(({ path }) => path === name)) return { path: name, warnings: [] };
  const found = find(name);
  if (found) return found;
  const nested = layers.filter(({ path }) => path.endsWith(`/${name}`));
  if (nested.length === 1) return { path: nested[0]!.path, warnings: [] };
  if (nested.length > 1) {
    const paths = listed(nested.map(({ path }) => path));
    throw new LayerNotFoundError(`Layer ${quote(name)} could be any of several: ${paths}`);
  }
  const names = nearest(name, layers.map(({ path }) => path));
  throw new LayerNotFoundError(`Cannot find layer ${quote(name)}: the nearest are ${listed(names)}`);
}

/**
 * The layer to cut at: the one named, or the default.
 *
 * @param layers All layers in the order of the model.
 * @param name As the user gives it, if they do.
 * @param find What a name may mean besides a path.
 * @throws {LayerNotFoundError} If there is none, or its output is not 4-D.
 */
export function chooseLayer(
  layers: readonly LayerInfo[],
  name?: string,
  find: NameFinder = () => undefined,
): LayerChoice {
  if (name === undefined) return findDefaultLayer(layers);
  const choice = findLayer(layers, name, find);
  const layer = layers.find(({ path }) => path === choice.path)!;
  if (isSpatial(layer)) return choice;
  const shape = layer.outputShape.map((size) => size ?? "?").join(", ");
  const wanted = layer.outputShape.length === 4 ? "of one picture" : "4-D";
  throw new LayerNotFoundError(
    `Cannot take a map at layer ${quote(layer.path)}: its output [${shape}] is not ${wanted}`,
  );
}
