import { takesPhoto, type TensorInfo } from "../base/tensor_info.ts";
import type { ModelReport } from "./engine/mod.ts";
import type { Service } from "./service.ts";

/** An input of a model, as it is listed. */
export interface ListedInput extends TensorInfo {
  /** Whether it takes pictures. */
  readonly picture: boolean;
  /** Whether it is explained where a request does not say. */
  readonly explained: boolean;
  /** Whether the server was told values for it. */
  readonly given: boolean;
}

/** The inputs, with which of them is explained where a request does not say, and which the server was told values for. */
export function listInputs(
  { inputs }: ModelReport,
  { options: { defaults = {} } }: Service,
): ListedInput[] {
  const given = Object.keys(defaults.inputs ?? {});
  const open = inputs.find((input) => takesPhoto(input) && !given.includes(input.name));
  const image = typeof defaults.input === "number"
    ? inputs[defaults.input]?.name
    : defaults.input ?? open?.name;
  return inputs.map((input) => ({
    ...input,
    explained: input.name === image,
    given: given.includes(input.name),
  }));
}
