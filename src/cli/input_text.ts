import { takesPhoto } from "../base/tensor_info.ts";
import type { TensorInfo } from "../split/model.ts";

/** A tensor's name and shape, for people. */
export function tensorText({ name, shape }: TensorInfo): string {
  return `${name} [${shape.map((size) => size ?? "any").join(", ")}]`;
}

/** What an input of several takes, and how it is given. */
function takenText(input: TensorInfo, inputs: readonly TensorInfo[]): string {
  const { name } = input;
  if (!takesPhoto(input)) return `numbers, given with --inputs ${name}=V,V...`;
  if (inputs.filter(takesPhoto).length === 1) return "a picture, the one that is explained";
  return `a picture, explained with --input ${name}, else given with --inputs ${name}=FILE`;
}

/** A model's inputs, for people; of several also what each takes. */
export function inputTexts(inputs: readonly TensorInfo[]): string[] {
  if (inputs.length === 1) return inputs.map(tensorText);
  return inputs.map((input) => `${tensorText(input)}: ${takenText(input, inputs)}`);
}
