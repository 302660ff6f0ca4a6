import * as tf from "../base/tfjs.ts";
import type { Keep } from "../../backends/kept_weights.ts";
import { Activation, type ActivationFunction, activationRetrace, isRetraced } from "./activation.ts";
import type { Affine } from "./affine.ts";
import type { JoinMode, Operation, Retrace } from "./operation.ts";
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
  readonly inputs: readonly [string];
  readonly outputs: readonly [string];
  readonly isWeighted = true;
  #parts: LinearParts;

  constructor(parts: LinearParts) {
    this.inputs = [parts.input];
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
  /** The product, a bias and an activation in one kernel. */
  protected abstract fused(x: tf.Tensor, bias?: tf.Tensor, activation?: ActivationFunction): tf.Tensor;
  /** From ∂ score / ∂ product to ∂ score / ∂ input. */
  protected abstract productBack(gradient: tf.Tensor, x: tf.Tensor, keep: Keep): tf.Tensor;
  /** The same with other parts. */
  abstract with(parts: Partial<LinearParts>): Linear;
  /** The kernel with each output channel multiplied, `scale` `[k]`. */
  abstract scaledKernel(scale: tf.Tensor): tf.Tensor;

  run([x]: readonly tf.Tensor[]): tf.Tensor[] {
    return [this.fused(x!, this.bias, this.parts.activation)];
  }

  runTaped([x]: readonly tf.Tensor[]): tf.Tensor[] {
    const { activation } = this.parts;
    const product = this.product(x!);
    const shifted = this.bias ? product.add(this.bias) : product;
    return [activation ? activation.apply(shifted) : shifted];
  }

  canRetrace(_inputs: readonly tf.Tensor[]): boolean {
    const { activation } = this.parts;
    return !activation || isRetraced(activation);
  }

  retrace([x]: readonly tf.Tensor[], output: tf.Tensor): Retrace {
    const { activation } = this.parts;
    const back = activation && activationRetrace(activation, output);
    return (gradient, keep) => [this.productBack(back?.(gradient) ?? gradient, x!, keep)];
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

  join(next: Operation, mode: JoinMode): Operation | undefined {
    const { fold, activation } = this.parts;
    if (activation || mode === "taped") return undefined; // the tape takes them one by one all the same
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
