import type { CamMethod } from "../methods/mod.ts";
import { splitAt } from "../split/default_layer.ts";
import type { ExplainableModel, SplitModel, SplitOptions } from "../split/model.ts";

/**
 * Cut a model where no layer was named: at its default layer, or, where all methods that look at one sum at each place,
 * behind the norm of a transformer's last block in the place of before it.
 *
 * @param methods What is asked for.
 * @throws As {@linkcode splitAt} does.
 */
export function splitFor(
  model: ExplainableModel,
  methods: readonly CamMethod[],
  options: SplitOptions,
): SplitModel {
  const split = splitAt(model, undefined, options);
  const looking = methods.filter(({ at }) => at === "layer");
  if (looking.length === 0 || !looking.every(({ sumsAtPlaces }) => sumsAtPlaces)) return split;
  const { grid, tokens } = options;
  const block = model.attention?.({ grid, tokens })?.lastBlock;
  return block?.input === split.layer ? splitAt(model, block.normed, options) : split;
}
