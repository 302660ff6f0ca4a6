import type { Tensor2D, Tensor4D } from "../base/tensors.ts";

/** A way to turn a layer's activation and the gradient of a class's score into a map. */
export interface NamedMethod<Name extends string> {
  /** The name in options, such as `"gradcam"`. */
  readonly name: Name;
  /** One line for the help text. */
  readonly description: string;
  /**
   * The raw map, before normalisation.
   *
   * @param activation The layer's output, `[1, h, w, k]`.
   * @param gradient ∂ score / ∂ activation, `[1, h, w, k]`.
   * @returns The map, `[h, w]`; the caller disposes it.
   */
  map(activation: Tensor4D, gradient: Tensor4D): Tensor2D;
}
