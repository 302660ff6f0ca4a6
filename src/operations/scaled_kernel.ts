import * as tf from "../base/tfjs.ts";
import { holdNothing } from "../../backends/spare_weights.ts";
import { reserveTensor } from "../../backends/weights.ts";
import type { Weight } from "./weight.ts";

/**
 * A kernel with each output channel multiplied. It is computed when it is first read: until then only its place is there,
 * which on WebAssembly takes no memory, so that models open fast and a tensor more or less is never left over.
 */
export class ScaledKernel implements Weight {
  /** Its place, to be disposed with the model. */
  readonly tensor: tf.Variable;
  #compute: (() => tf.Tensor) | undefined;
  readonly #tell: (product: tf.Tensor) => void;

  /**
   * @param shape As the kernel's.
   * @param compute Multiplies the kernel.
   * @param tell Told of the product when it has been computed.
   */
  constructor(shape: readonly number[], compute: () => tf.Tensor, tell: (product: tf.Tensor) => void) {
    this.#tell = tell;
    const place = reserveTensor(shape);
    this.tensor = tf.variable(place, false);
    place.dispose();
    holdNothing(this.tensor);
    this.#compute = compute;
  }

  read(): tf.Tensor {
    const compute = this.#compute;
    if (compute) {
      tf.tidy(() => this.tensor.assign(compute()));
      this.#compute = undefined;
      this.#tell(this.tensor);
    }
    return this.tensor;
  }
}
