import * as tf from "../base/tfjs.ts";
import type { FusedParts } from "../../backends/fused_products.ts";
import type { Keep } from "../../backends/kept_weights.ts";
import { Activation, type ActivationFunction, activationRetrace, isRetraced } from "./activation.ts";
import type { Affine } from "./affine.ts";
import type { JoinMode, Operation, Retrace } from "./operation.ts";
import { Sum } from "./sum.ts";
import type { DrawWeight, Weight } from "./weight.ts";

/** What a convolution or a dense layer is made of. */
export interface LinearParts {
  /** The id of the value it takes. */
  readonly input: string;
  /** The id of the value it gives. */
  readonly output: string;
  /** A convolution's filter or a dense layer's matrix. */
  readonly kernel: Weight;
  /** `[k]`, if there is one. */
  readonly bias?: Weight | undefined;
  /** The id of a value of the output's shape that is added in the same kernel, if that was joined. */
  readonly addend?: string | undefined;
  /** What follows in the same kernel, if it was joined. */
  readonly activation?: ActivationFunction | undefined;
  /** Set where the affine operation that follows can be done in one with it. */
  readonly fold?: Fold | undefined;
}

/** A kernel and a bias that also do the work of the affine operation that follows. */
export interface Fold {
  /** The operation that was folded in. */
  readonly affine: Affine;
  /** The kernel, each output channel multiplied by the operation's scale. */
  readonly kernel: Weight;
  /** The bias of both together, `[k]`, if there is one. */
  readonly bias: Weight | undefined;
}

/** A convolution or a dense layer: a product with weights, a bias and, if it was joined, an activation. */
export abstract class Linear implements Operation {
  readonly inputs: readonly [string, ...string[]];
  readonly outputs: readonly [string];
  readonly isWeighted = true;
  #parts: LinearParts;

  constructor(parts: LinearParts) {
    this.inputs = parts.addend === undefined ? [parts.input] : [parts.input, parts.addend];
    this.outputs = [parts.output];
    this.#parts = parts;
  }

  /** What it is made of. */
  get parts(): LinearParts {
    return this.#parts;
  }

  /** Remember how to do the operation that follows in one with this. */
  setFold(fold: Fold): void {
    this.#parts = { ...this.#parts, fold };
  }

  /** The product alone, such that the tape leads to the input. */
  protected abstract product(x: tf.Tensor): tf.Tensor;
  /** The shape of the product. */
  protected abstract shapeOf(x: tf.Tensor): readonly number[];
  /** All of it by one of our own kernels; `undefined` where none computes it. */
  protected abstract atOnce(x: tf.Tensor, parts: Omit<FusedParts, "weights">): tf.Tensor | undefined;
  /** The product, a bias and an activation in one kernel. */
  protected abstract fused(x: tf.Tensor, bias?: tf.Tensor, activation?: ActivationFunction): tf.Tensor;
  /** From ∂ score / ∂ product to ∂ score / ∂ input. */
  protected abstract productBack(gradient: tf.Tensor, x: tf.Tensor, keep: Keep): tf.Tensor;
  /** The same with other parts. */
  abstract with(parts: Partial<LinearParts>): Linear;
  /** The kernel with each output channel multiplied, `scale` `[k]`. */
  abstract scaledKernel(scale: tf.Tensor): tf.Tensor;

  run([x, addend]: readonly tf.Tensor[]): tf.Tensor[] {
    const { bias } = this, { activation } = this.parts;
    const known = this.atOnce(x!, { bias, addend });
    if (known) return [known];
    if (!addend) return [this.fused(x!, bias, activation)];
    const sum = tf.add(this.fused(x!, bias), addend);
    return [activation ? activation.apply(sum) : sum];
  }

  runTaped([x, addend]: readonly tf.Tensor[]): tf.Tensor[] {
    const { activation } = this.parts;
    const product = this.product(x!);
    const shifted = this.bias ? product.add(this.bias) : product;
    const sum = addend ? tf.add(shifted, addend) : shifted;
    return [activation ? activation.apply(sum) : sum];
  }

  /** Where what is added is spread, or spreads the product, the tape sums its gradient. */
  canRetrace([x, addend]: readonly tf.Tensor[]): boolean {
    const { activation } = this.parts;
    if (activation && !isRetraced(activation)) return false;
    return !addend || tf.util.arraysEqual(addend.shape, [...this.shapeOf(x!)]);
  }

  retrace([x, addend]: readonly tf.Tensor[], output: tf.Tensor): Retrace {
    const { activation } = this.parts;
    const back = activation && activationRetrace(activation, output);
    return (gradient, keep) => {
      const inner = back?.(gradient) ?? gradient;
      const ofProduct = this.productBack(inner, x!, keep);
      return addend ? [ofProduct, inner] : [ofProduct];
    };
  }

  shift(): tf.Tensor | undefined {
    return this.bias;
  }

  redraw(draw: DrawWeight): Linear {
    const { kernel, bias } = this.parts;
    const fanIn = this.fanIn(tf.tidy(() => kernel.read().shape));
    return this.with({ kernel: draw(kernel, fanIn), bias: bias && draw(bias, 0), fold: undefined });
  }

  /** How many products each of its sums has, by its kernel's shape. */
  protected fanIn(kernel: readonly number[]): number {
    return kernel.slice(0, -1).reduce((product, size) => product * size, 1);
  }

  join(next: Operation, mode: JoinMode, at = 0): Operation | undefined {
    const { fold, addend, activation } = this.parts;
    if (activation || mode === "taped") return undefined; // the tape takes them one by one all the same
    if (next instanceof Sum) {
      const isOfTwo = next.inputs.length === 2 && addend === undefined && fold === undefined;
      return isOfTwo ? this.with({ output: next.outputs[0], addend: next.inputs[1 - at]! }) : undefined;
    }
    const isBias = fold?.kernel === this.parts.kernel; // which is added to the sum, as it would be on its own
    if (fold && next === fold.affine && (mode === "fast" || isBias)) {
      return this.with({ output: next.outputs[0]!, kernel: fold.kernel, bias: fold.bias, fold: undefined });
    }
    if (!(next instanceof Activation) || !next.activation.fused) return undefined;
    return this.with({ output: next.outputs[0], activation: next.activation, fold: undefined });
  }

  /** `[k]` */
  protected get bias(): tf.Tensor1D | undefined {
    return this.parts.bias?.read() as tf.Tensor1D | undefined;
  }
}
