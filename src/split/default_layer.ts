import { LayerNotFoundError } from "../base/errors.ts";
import { quote } from "../base/quote.ts";
import { isInput, isOperation, isSinglePixel, isSpatial } from "./layer_choice.ts";
import type { ExplainableModel, SplitModel, SplitOptions } from "./model.ts";
import { findOutput } from "./outputs.ts";
import { withToldGrid } from "./told_grid.ts";

/**
 * Cut a model at a layer, or where none is named at the last one that leads to the output: of several outputs each may
 * have layers of its own, and of several inputs not all layers depend on the image.
 *
 * @param model The model.
 * @param layer As the user names it, if they do.
 * @param options As {@linkcode ExplainableModel.split} takes them.
 * @throws {LayerNotFoundError} As there.
 * @throws {RangeError} As there.
 */
export function splitAt(model: ExplainableModel, layer?: string, options: SplitOptions = {}): SplitModel {
  const split = model.split(layer, options);
  if (split.connected && split.seesImage) return split;
  if (layer !== undefined) return split.seesImage ? split : withWarning(split, blindWarning(split.layer));
  const { name } = model.outputs[findOutput(model.outputs, options.output ?? 0)]!;
  const candidates = withToldGrid(model.layers, options).toReversed()
    .filter((layer) => isSpatial(layer) && !isInput(layer) && !isSinglePixel(layer));
  const layersFirst = candidates.toSorted((a, b) => Number(isOperation(a)) - Number(isOperation(b)));
  for (const candidate of layersFirst) {
    const other = model.split(candidate.path, options);
    if (!other.connected || !other.seesImage) continue;
    const why = split.connected ? "depend on the image" : `lead to output ${quote(name)}`;
    return withWarning(
      other,
      `Passed over ${quote(split.layer)}, which does not ${why}, for ${quote(other.layer)}`,
    );
  }
  return split.seesImage ? split : withWarning(split, blindWarning(split.layer));
}

function blindWarning(layer: string): string {
  return `Layer ${
    quote(layer)
  } does not depend on the image, but on other inputs alone: its map says nothing of the image`;
}

function withWarning(split: SplitModel, warning: string): SplitModel {
  return { ...split, warnings: [...split.warnings, warning] };
}

/** The layer that is taken when none is named; `undefined` where no map can be taken. */
export function findDefaultLayer(model: ExplainableModel): string | undefined {
  try {
    return splitAt(model).layer;
  } catch (error) {
    if (error instanceof LayerNotFoundError) return undefined;
    throw error;
  }
}
