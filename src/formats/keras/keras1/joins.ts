import { quote } from "../../../base/quote.ts";
import type { Json } from "../inbound.ts";
import type { OldLayer } from "./old_layer.ts";

/** What Keras 1's one class for all joins is since Keras 2, by its mode. */
const classes: Readonly<Record<string, string>> = {
  ave: "Average",
  concat: "Concatenate",
  max: "Maximum",
  mul: "Multiply",
  sum: "Add",
};

/** The class of a join today. */
export function joinClass({ mode }: Json): string {
  return classes[String(mode)] ?? "Merge";
}

/** The join of several tensors. */
export const mergeLayer: OldLayer = {
  className: "Merge",
  settings: (_, { mode, concat_axis: axis }) => mode === "concat" ? { axis: axis ?? -1 } : {},
  refuse({ mode, mode_type: type }) {
    if (type === "lambda" || type === "function") {
      return "joins its inputs by Python code, which cannot be run";
    }
    return typeof mode === "string" && Object.hasOwn(classes, mode)
      ? undefined
      : `joins its inputs by ${quote(mode)}, which is not known: use ${Object.keys(classes).join(", ")}`;
  },
};
