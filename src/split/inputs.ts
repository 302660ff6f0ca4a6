import { ModelError } from "../errors.ts";
import type { TensorInfo } from "./mod.ts";

/**
 * The one input of a model that takes an image.
 *
 * @throws {ModelError} If it has several inputs, or one that is no image.
 */
export function imageInput(inputs: readonly TensorInfo[]): TensorInfo {
  const [input] = inputs;
  if (input && inputs.length === 1 && input.shape.length === 4) return input;
  const found = inputs.map(({ name, shape }) => `"${name}" [${shape.map((size) => size ?? "?").join(", ")}]`);
  throw new ModelError(
    `Cannot explain a model with inputs ${found.join(", ")}: one image [?, H, W, C] is needed`,
  );
}
