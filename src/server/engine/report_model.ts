import { markPictures } from "../../base/tensor_info.ts";
import { findDefaultLayer } from "../../split/default_layer.ts";
import { whyNoneSpatial } from "../../split/layer_choice.ts";
import type { ExplainableModel } from "../../split/model.ts";
import { suggestLayers } from "../../split/suggested_layers.ts";
import type { ModelReport } from "./engine.ts";

/** What there is to know of an open model. */
export function reportModel(id: string, model: ExplainableModel): ModelReport {
  const { format, name, inputs, outputs, layers, labels } = model;
  const found = findDefaultLayer(model) ?? null;
  const reason = found === null ? whyNoneSpatial(layers) : "";
  return {
    id,
    name,
    format,
    inputs: markPictures(inputs),
    outputs,
    default: found,
    ...reason !== "" && { reason },
    suggested: suggestLayers(model),
    layers,
    labels,
    attention: model.attention?.() !== undefined,
  };
}
