import * as tf from "../base/tfjs.ts";
import type { Operation, Retrace } from "./operation.ts";
import type { Weight } from "./weight.ts";

/** An operation on two values, and its derivatives. */
interface Rule {
  apply(a: tf.Tensor, b: tf.Tensor): tf.Tensor;
  /** ∂ score / ∂ a of ∂ score / ∂ output. */
  first(gradient: tf.Tensor, a: tf.Tensor, b: tf.Tensor): tf.Tensor;
  /** ∂ score / ∂ b. */
  second(gradient: tf.Tensor, a: tf.Tensor, b: tf.Tensor): tf.Tensor;
}

/** The four operations of arithmetic. */
const rules = {
  add: {
    apply: (a, b) => tf.add(a, b),
    first: (gradient) => gradient,
    second: (gradient) => gradient,
  },
  sub: {
    apply: (a, b) => tf.sub(a, b),
    first: (gradient) => gradient,
    second: (gradient) => gradient.neg(),
  },
  mul: {
    apply: (a, b) => tf.mul(a, b),
    first: (gradient, _a, b) => gradient.mul(b),
    second: (gradient, a) => gradient.mul(a),
  },
  div: {
    apply: (a, b) => tf.div(a, b),
    first: (gradient, _a, b) => gradient.div(b),
    second: (gradient, a, b) => gradient.mul(a).div(b.square()).neg(),
  },
} satisfies Record<string, Rule>;

/** Which operation it is. */
export type ArithmeticKind = keyof typeof rules;

/** A gradient summed over the axes along which a value was spread. */
function gathered(gradient: tf.Tensor, shape: readonly number[]): tf.Tensor {
  const lead = gradient.rank - shape.length;
  const axes = gradient.shape.flatMap((size, axis) =>
    axis < lead || (shape[axis - lead] === 1 && size !== 1) ? [axis] : []
  );
  const summed = axes.length > 0 ? gradient.sum(axes) : gradient;
  return tf.util.arraysEqual(summed.shape, [...shape]) ? summed : summed.reshape([...shape]);
}

/** Two values, of which one may be a weight, spread over each other and added, subtracted, multiplied or divided. */
export class Arithmetic implements Operation {
  readonly inputs: readonly string[];
  readonly outputs: readonly [string];
  readonly #rule: Rule;
  readonly #operands: readonly [string | Weight, string | Weight];

  /** @param operands Ids of values, or weights. */
  constructor(kind: ArithmeticKind, operands: readonly [string | Weight, string | Weight], output: string) {
    this.#rule = rules[kind];
    this.#operands = operands;
    this.inputs = operands.filter((operand) => typeof operand === "string");
    this.outputs = [output];
  }

  run(inputs: readonly tf.Tensor[]): tf.Tensor[] {
    return [this.#rule.apply(...this.#pair(inputs))];
  }

  retrace(inputs: readonly tf.Tensor[]): Retrace {
    return (gradient) => {
      const [a, b] = this.#pair(inputs);
      const ways = [this.#rule.first, this.#rule.second];
      const own = [a, b];
      return this.#operands.flatMap((operand, at) =>
        typeof operand === "string" ? [gathered(ways[at]!(gradient, a, b), own[at]!.shape)] : []
      );
    };
  }

  #pair(inputs: readonly tf.Tensor[]): [tf.Tensor, tf.Tensor] {
    const rest = inputs.values();
    const [a, b] = this.#operands.map((one) => typeof one === "string" ? rest.next().value! : one.read());
    return [a!, b!];
  }
}
