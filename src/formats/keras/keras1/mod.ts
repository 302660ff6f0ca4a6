/**
 * The registry of Keras 1's layers that differ from those of Keras 2 in more than the names of their settings. A new one
 * is an entry in a file beside this one and one line in {@linkcode oldLayers}.
 *
 * @module
 */
import type { Json } from "../inbound.ts";
import { convolutions } from "./convolutions.ts";
import { mergeLayer } from "./joins.ts";
import { normalization } from "./normalization.ts";
import type { OldLayer } from "./old_layer.ts";
import { padding } from "./padding.ts";
import { recurrent } from "./recurrent.ts";

/** All of them. */
export const oldLayers: readonly OldLayer[] = Object.freeze([
  ...convolutions,
  mergeLayer,
  normalization,
  padding,
  ...recurrent,
]);

/** The one of a class; `undefined` for what differs in names alone. */
export function findOldLayer(className: unknown): OldLayer | undefined {
  return oldLayers.find((own) => own.className === className);
}

/** Settings by their names in Keras 1; `undefined` for those that act in training alone. */
const renamed: Readonly<Record<string, string | undefined>> = {
  W_constraint: undefined,
  W_regularizer: undefined,
  U_regularizer: undefined,
  b_constraint: undefined,
  b_regularizer: undefined,
  atrous_rate: "dilation_rate",
  bias: "use_bias",
  border_mode: "padding",
  consume_less: undefined,
  dropout_U: undefined,
  dropout_W: undefined,
  filter_length: undefined,
  forget_bias_init: undefined,
  init: undefined,
  inner_activation: "recurrent_activation",
  inner_init: undefined,
  input_dtype: undefined,
  length: "size",
  nb_col: undefined,
  nb_filter: "filters",
  nb_row: undefined,
  p: "rate",
  pool_length: "pool_size",
  sigma: "stddev",
  stride: "strides",
  subsample: "strides",
  subsample_length: "strides",
};

const dataFormats: Readonly<Record<string, string>> = { tf: "channels_last", th: "channels_first" };

/** Settings by their names since Keras 2. */
export function renameSettings(old: Json, className: string): Json {
  const settings: Record<string, unknown> = {};
  for (const [key, value] of Object.entries(old)) {
    if (key === "dim_ordering") settings.data_format = dataFormats[String(value)] ?? "channels_last";
    else if (className === "Embedding") settings[key] = value; // whose own names stayed
    else if (key === "output_dim") settings.units = value;
    else if (key === "input_dim" || key === "input_length") continue; // the input's shape says so too
    else if (!Object.hasOwn(renamed, key)) settings[key] = value;
    else if (renamed[key] !== undefined) settings[renamed[key]] = value;
  }
  return settings;
}
