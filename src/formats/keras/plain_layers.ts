import type { Json } from "./inbound.ts";

/** The numbers of a setting that is one number, a list, or not there. */
function numbers(value: unknown, otherwise: number): number[] {
  return [value ?? otherwise].flat() as number[];
}

function isSet(value: unknown): boolean {
  return value !== null && value !== undefined;
}

function keepsNoAxes({ keepdims }: Json): boolean {
  return keepdims !== true;
}

function resetsAfter({ reset_after: resets }: Json): boolean {
  return resets === true;
}

/** Whether a layer inside another is a GRU of our own. */
function isOwnGru(layer: unknown): boolean {
  const { class_name: className, config } = (layer ?? {}) as Json;
  return className === "GRU" && resetsAfter((config ?? {}) as Json);
}

/** Where our own layer is not needed, since TensorFlow.js's does the same for such a configuration. */
export const plainCases: Readonly<Record<string, (config: Json) => boolean>> = {
  BatchNormalization: ({ axis, renorm }) => renorm !== true && [-1, 3].includes(numbers(axis, -1)[0]!),
  Bidirectional: ({ layer }) => !isOwnGru(layer),
  Concatenate: ({ axis }) => numbers(axis, -1)[0]! >= -1,
  Conv1D: ({ groups, padding }) => numbers(groups, 1)[0] === 1 && padding !== "causal",
  Conv2D: ({ groups }) => numbers(groups, 1)[0] === 1,
  Conv2DTranspose: ({ output_padding: padding, dilation_rate: dilation }) =>
    !isSet(padding) && numbers(dilation, 1).every((rate) => rate === 1),
  ELU: ({ alpha }) => numbers(alpha, 1)[0] === 1,
  GRU: (config) => !resetsAfter(config),
  GlobalAveragePooling1D: keepsNoAxes,
  GlobalAveragePooling2D: keepsNoAxes,
  GlobalMaxPooling1D: keepsNoAxes,
  GlobalMaxPooling2D: keepsNoAxes,
  ReLU: ({ negative_slope: slope, threshold, max_value: max }) =>
    !slope && !threshold && (!isSet(max) || typeof max === "number"),
  Rescaling: ({ scale, offset }) => typeof scale === "number" && typeof (offset ?? 0) === "number",
  Reshape: ({ target_shape: shape }) => numbers(shape, -1).every((size) => isSet(size) && size >= 0),
  Softmax: ({ axis }) => numbers(axis, -1).join() === "-1",
  UpSampling2D: ({ interpolation }) => ["nearest", "bilinear"].includes(String(interpolation ?? "nearest")),
};
