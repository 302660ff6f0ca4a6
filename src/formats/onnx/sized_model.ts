import { prepareAlike } from "../../operations/prepare_alike.ts";
import { isSinglePixel, isSpatial } from "../../split/layer_choice.ts";
import { type CutPlace, LayerCuts } from "../../split/layer_cuts.ts";
import type { SplitModel, SplitOptions } from "../../split/model.ts";
import { oneByOne } from "../../split/one_by_one.ts";
import { type CutRequest, OperationModel } from "../../split/operation_model.ts";
import type { ValuedLayer } from "../../split/windows.ts";
import type { LayerList } from "./layer_list.ts";
import { findOtherName } from "./layer_names.ts";
import type { OnnxParts } from "./translate_model.ts";

/**
 * The layers that the default is among. Left out are those that a pool over all pixels gives, which in ONNX are pictures of one
 * pixel: that they are passed over is nothing to be told; and what has four axes, but is no picture.
 */
function worthALook(layers: readonly ValuedLayer[], { pictures }: LayerList): readonly ValuedLayer[] {
  const isPool = (layer: ValuedLayer) => /Pool|^Reduce/.test(layer.kind) && isSinglePixel(layer);
  const pooled = new Set(layers.filter(isPool).map(({ id }) => id));
  const isOther = ({ id, outputShape }: ValuedLayer) => outputShape.length === 4 && !pictures.has(id);
  const rest = layers.filter((layer) => !pooled.has(layer.id) && !isOther(layer));
  return rest.some(isSpatial) ? rest : layers;
}

/** A model of an ONNX file for pictures of one size. */
export class SizedModel {
  readonly parts: OnnxParts;
  readonly operations: OperationModel;
  readonly cuts: LayerCuts;

  /**
   * @param parts What its graph became.
   * @param usual The model for pictures of another size, from which what was computed once is taken.
   */
  constructor(parts: OnnxParts, usual?: SizedModel) {
    this.parts = parts;
    const { inputs, list } = parts;
    const operations = usual
      ? prepareAlike(parts.operations, usual.operations.graph.operations)
      : parts.operations;
    this.operations = new OperationModel({ operations, inputs: inputs.map(({ name }) => name) });
    // Which layer is taken hangs on where it lies on the picture, whether or not it has weights.
    const valued = list.layers.map((layer) => ({
      ...layer,
      parameters: undefined,
      id: list.values.get(layer.path)!,
    }));
    this.cuts = new LayerCuts(this.operations, () => valued);
  }

  /** Where the layer of a name lies, or the default. */
  choose(name: string | undefined, { grid, tokens }: Pick<SplitOptions, "grid" | "tokens">): CutPlace {
    const find = (name: string) => findOtherName(name, this.parts.list);
    const among = (layers: readonly ValuedLayer[]) => worthALook(layers, this.parts.list);
    return this.cuts.choose(name, { find, grid, tokens, among });
  }

  /** The model, cut in two. */
  split(request: CutRequest, options: SplitOptions): SplitModel {
    const split = this.operations.split(request, options);
    return this.parts.takesSeveral ? split : oneByOne(split);
  }
}
