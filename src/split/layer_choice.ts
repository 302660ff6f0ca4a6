import { LayerNotFoundError } from "../base/errors.ts";
import { nearest } from "../base/nearest.ts";
import { listed, quote } from "../base/quote.ts";
import type { LayerInfo, Shape } from "./model.ts";
import { windowsOf } from "./windowed.ts";
import { checkToldGrid, refuseToldGrid, tokensOf, type ToldGrid, withToldGrid } from "./told_grid.ts";

/** A layer that was chosen, and what the user should know about the choice. */
export interface LayerChoice {
  /** The full path. */
  readonly path: string;
  /** Such as layers passed over because their output is a single pixel. */
  readonly warnings: readonly string[];
}

/**
 * Whether a layer's output has height, width and channels, and is one picture's. A converted graph cuts a picture into a
 * batch of pieces for a dilated convolution.
 */
function isPicture({ kind, outputShape }: LayerInfo): boolean {
  return kind !== "Channels first" && outputShape.length === 4 &&
    (outputShape[0] === null || outputShape[0] === 1);
}

/** Whether a map can be taken at a layer: its output is a picture, or tokens that lie on a grid. */
export function isSpatial(layer: LayerInfo): boolean {
  return layer.tokens !== undefined || isPicture(layer);
}

/** Height and width of the map at a layer, as far as they are known. */
export function mapSize(
  { tokens, outputShape: [, height, width] }: LayerInfo,
): readonly [height: number | null | undefined, width: number | null | undefined] {
  return tokens ? [tokens.height, tokens.width] : [height, width];
}

/** The shape of what a map is taken of, `[1, h, w, k]`. */
export function mappedShape({ tokens, outputShape }: LayerInfo): Shape {
  return tokens ? [outputShape[0] ?? null, tokens.height, tokens.width, outputShape[2] ?? null] : outputShape;
}

/** Whether a layer's output is one pixel, so that a map of it says nothing. */
export function isSinglePixel(layer: LayerInfo): boolean {
  return mapSize(layer).every((size) => size === 1);
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
  return !parameters && /(^|\/)tf\.[^/]+\/[^/]+$/.test(path) && !/conv/i.test(kind);
}

/** Whether a graph's node has no rows and columns of the picture's: it may be anything with four axes. */
function isUntraced({ stride, parameters }: LayerInfo): boolean {
  return stride === undefined && parameters === undefined;
}

/** Whether it only gives a graph's output its name. */
function isAlias({ kind, parameters }: LayerInfo): boolean {
  return kind === "Identity" && parameters === undefined;
}

/** The last layer with a 4-D output, and those of one pixel that were passed over for it; none where there is no such. */
function lastPicture(layers: readonly LayerInfo[]): { chosen: LayerInfo; skipped: LayerInfo[] } | undefined {
  const hasTokens = layers.some(({ tokens }) => tokens !== undefined);
  const all = layers.filter((layer) => isPicture(layer) && !isInput(layer) && !isAlias(layer)).reverse();
  const own = all.filter((layer) => !isOperation(layer));
  const candidates = own.length > 0 ? own : all;
  const outermost = candidates.filter(({ parent }) => parent === "");
  const traced = candidates.filter((layer) => !isUntraced(layer));
  // Beside tokens there are matrices of attention, which have four axes too.
  const orders = hasTokens && traced.length > 0 ? [traced] : [outermost, traced];
  const ranked = orders.find((some) => some.some((layer) => !isSinglePixel(layer))) ?? candidates;
  const chosen = ranked.find((layer) => !isSinglePixel(layer)) ?? ranked[0];
  return chosen && { chosen, skipped: ranked.slice(0, ranked.indexOf(chosen)) };
}

/** What may be taken of a transformer. */
export interface TransformerLayers {
  /** The paths of what goes into its blocks, the last block's first. */
  blockInputs(): readonly string[];
}

/**
 * The layer of a transformer: what goes into its last block that looks at tokens of a grid, since behind that block's
 * attention the class token alone counts.
 */
function blockLayer(layers: readonly LayerInfo[], { blockInputs }: TransformerLayers): LayerInfo | undefined {
  if (!layers.some(({ tokens }) => tokens !== undefined)) return undefined;
  const named = new Map(layers.map((layer) => [layer.path, layer]));
  return blockInputs().flatMap((path) => named.get(path) ?? [])
    .find((layer) => layer.tokens !== undefined && !isSinglePixel(layer));
}

/**
 * The last layer of tokens, where no block was found: of a network that is mostly of tokens, all of which count in the end
 * since none is a class token, as of an MLP-Mixer; and of any where nothing else is to be had.
 */
function lastTokens(layers: readonly LayerInfo[], isNeeded: boolean): LayerInfo | undefined {
  const tokens = layers.filter((layer) => layer.tokens && !isInput(layer) && !isSinglePixel(layer));
  const own = tokens.filter((layer) => !isOperation(layer) && !isAlias(layer));
  if (isNeeded) return own.at(-1) ?? tokens.at(-1);
  const isMostly = own.length > layers.filter(isPicture).length;
  return isMostly ? own.findLast(({ tokens }) => tokens!.before + tokens!.after === 0) : undefined;
}

/**
 * The layer to explain when none is named: the last one with a 4-D output, as in the reference, or what goes into the last
 * block of a transformer, whichever comes later; of a network of tokens without attention the last of them.
 *
 * As in Keras, a nested model counts as one layer; only where no layer of the outermost model is spatial are
 * the nested ones looked through. Inputs do not count, recorded operations only where there is no layer, and outputs of
 * a single pixel are passed over.
 *
 * @param layers All layers in the order of the model.
 * @throws {LayerNotFoundError} If no layer has a 4-D output, and none gives tokens of a grid.
 */
function findDefaultLayer(layers: readonly LayerInfo[], transformer: TransformerLayers): LayerChoice {
  const picture = lastPicture(layers);
  const isPictured = picture !== undefined && !isSinglePixel(picture.chosen);
  const tokens = blockLayer(layers, transformer) ?? lastTokens(layers, !isPictured);
  const isPictureLater = tokens !== undefined && isPictured &&
    layers.indexOf(picture.chosen) > layers.indexOf(tokens);
  if (tokens && !isPictureLater) return { path: tokens.path, warnings: [] };
  if (!picture) {
    const volumes = whyNoneSpatial(layers);
    const names = layers.map(({ path, outputShape }) => `${path} [${outputShape.slice(1).join(", ")}]`);
    const more = volumes ? `I${volumes.slice(1)}` : `The layers are: ${listed(names)}`;
    const said = layers.some((layer) => tokensOf(layer)) && !volumes
      ? " Where some of them give tokens, say grid."
      : "";
    throw new LayerNotFoundError(`Could not find 4D layer. Cannot apply Grad-CAM. ${more}${said}`);
  }
  const { chosen, skipped } = picture;
  if (isSinglePixel(chosen)) {
    return {
      path: chosen.path,
      warnings: [`Layer ${quote(chosen.path)} has an output of one pixel: its map says nothing`],
    };
  }
  const names = skipped.map(({ path }) => path);
  return {
    path: chosen.path,
    warnings: names.length === 0
      ? []
      : [`Passed over ${listed(names)}, whose output is one pixel, for ${quote(chosen.path)}`],
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

/** How a layer is chosen. */
export interface ChoiceOptions extends ToldGrid {
  /** What a name may mean besides a path. */
  readonly find?: NameFinder | undefined;
  /** What may be taken of a transformer. */
  readonly transformer?: TransformerLayers | undefined;
}

/** A layer that was chosen to cut at. */
export interface CutLayer extends LayerChoice {
  /** How its tokens lie, where its output is tokens. */
  readonly tokens: LayerInfo["tokens"];
}

const noTransformer: TransformerLayers = { blockInputs: () => [] };

/**
 * The layer to cut at: the one named, or the default.
 *
 * @param all All layers in the order of the model.
 * @param name As the user gives it, if they do.
 * @throws {LayerNotFoundError} If there is none, or its output is neither 4-D nor tokens of a grid.
 */
export function chooseLayer(
  all: readonly LayerInfo[],
  name?: string,
  { find = () => undefined, transformer = noTransformer, ...told }: ChoiceOptions = {},
): CutLayer {
  const layers = withToldGrid(all, told);
  if (name === undefined) checkToldGrid(layers, told);
  const choice = name === undefined ? findDefaultLayer(layers, transformer) : findLayer(layers, name, find);
  const layer = layers.find(({ path }) => path === choice.path)!;
  if (isSpatial(layer) || windowsOf(layer)) return { ...choice, tokens: layer.tokens };
  refuseToldGrid(layer, told);
  throw new LayerNotFoundError(`Cannot take a map at layer ${quote(layer.path)}: ${whyNot(layer)}`);
}

/** Why no map can be taken at a layer. */
function whyNot(layer: LayerInfo): string {
  const { outputShape } = layer;
  const output = `its output [${outputShape.map((size) => size ?? "?").join(", ")}]`;
  if (tokensOf(layer)) return `${output} is not 4-D: if it is tokens, say how they lie by grid`;
  return `${output} is not ${outputShape.length === 4 ? "of one picture" : "4-D"}`;
}
