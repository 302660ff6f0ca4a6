import * as tf from "../base/tfjs.ts";
import { type FusedParts, fusedProduct } from "../../backends/fused_products.ts";
import { type Keep, keepNothing } from "../../backends/kept_weights.ts";
import type { ActivationFunction } from "./activation.ts";
import { fusedActivation } from "./affine.ts";
import { Linear, type LinearParts } from "./linear.ts";
import type { Backward } from "./operation.ts";

/** A dense layer: the product of the last axis with a matrix `[k, m]`. */
export class Product extends Linear {
  readonly isOfVectors = true;

  override with(parts: Partial<LinearParts>): Product {
    return new Product({ ...this.parts, ...parts });
  }

  override scaledKernel(scale: tf.Tensor): tf.Tensor {
    return this.#matrix.mul(scale);
  }

  get backward(): Backward | undefined {
    const { activation, fold } = this.parts;
    if (fold || (activation && !activation.backward)) return undefined;
    return (gradient, input, output) => {
      const inner = activation ? activation.backward!(gradient, output) : gradient;
      return this.productBack(inner, input, keepNothing);
    };
  }

  protected override productBack(gradient: tf.Tensor, x: tf.Tensor, keep: Keep): tf.Tensor {
    const result = keep === keepNothing
      ? tf.matMul(rows(gradient), this.#matrix, false, true) // [scores · rows, k]
      : tf.matMul(rows(gradient), keep("transposed", () => this.#matrix.transpose<tf.Tensor2D>()));
    return result.reshape([gradient.shape[0]!, ...x.shape.slice(1)]);
  }

  protected override product(x: tf.Tensor): tf.Tensor {
    return unrow(rows(x).matMul(this.#matrix), x);
  }

  protected override shapeOf({ shape }: tf.Tensor): readonly number[] {
    return [...shape.slice(0, -1), this.#matrix.shape[1]];
  }

  protected override atOnce(x: tf.Tensor, parts: Omit<FusedParts, "weights">): tf.Tensor | undefined {
    return fusedProduct(x, { ...parts, weights: this.#matrix }, fusedActivation(this.parts.activation));
  }

  protected override fused(x: tf.Tensor, bias?: tf.Tensor, activation?: ActivationFunction): tf.Tensor {
    const options = { a: rows(x), b: this.#matrix, ...(bias && { bias }), ...fusedActivation(activation) };
    return unrow(tf.fused.matMul(options), x);
  }

  get #matrix(): tf.Tensor2D {
    return this.parts.kernel.read() as tf.Tensor2D;
  }
}

/** All but the last axis as one, `[rows, k]`. */
function rows(x: tf.Tensor): tf.Tensor2D {
  return x.reshape([-1, x.shape.at(-1)!]);
}

/** `[rows, m]` with the axes of `x` in place of the rows. */
function unrow(product: tf.Tensor, x: tf.Tensor): tf.Tensor {
  return product.reshape([...x.shape.slice(0, -1), product.shape[1]!]);
}
