import * as tf from "../base/tfjs.ts";
import { softmaxGradient } from "../../backends/one_pass.ts";
import { rectifiedGradient } from "../../backends/rectified_gradient.ts";
import type {
  Backward,
  Operation,
  Rectifier,
  RectifierKind,
  RectifierMemory,
  RectifierRule,
  Retrace,
} from "./operation.ts";

/** A function of each element, or of each vector along the last axis. */
export interface ActivationFunction {
  /** The name, as TensorFlow.js spells it. */
  readonly name: string;
  /** Compute it. */
  apply(x: tf.Tensor): tf.Tensor;
  /** Likewise in one pass, which the tape does not see; `undefined` where that cannot be. */
  applyAtOnce?(x: tf.Tensor): tf.Tensor | undefined;
  /** Under which name TensorFlow.js computes it in one kernel with the product before it. */
  readonly fused?: tf.fused.Activation;
  /** Where it lets a gradient through, `1` or `0`, of its input, for those that cut off what is below 0. */
  passes?(x: tf.Tensor): tf.Tensor;
  /** The slope below 0, for `"leakyrelu"`. */
  readonly slope?: number;
  /** From the output alone: ∂ score / ∂ input, where ∂ score / ∂ output is given. */
  backward?(gradient: tf.Tensor, output: tf.Tensor): tf.Tensor;
  /** Above what a rectifier lets nothing through, `Infinity` for none; unset for all else. */
  readonly bound?: number;
  /** ∂ output / ∂ input by the output alone, of those that go on a slope below 0. */
  slopes?(output: tf.Tensor): tf.Tensor;
  /** ∂ output / ∂ input by the input, where the output alone does not tell it. */
  slopeAt?(input: tf.Tensor): tf.Tensor;
  /** ∂ score / ∂ input by ∂ score / ∂ output and the input in one pass; `undefined` where that cannot be. */
  backwardAtOnce?(gradient: tf.Tensor, input: tf.Tensor): tf.Tensor | undefined;
}

/** A class of {@linkcode tf.fused} names that TensorFlow.js's type leaves out. */
function fusedName(name: string): tf.fused.Activation {
  return name as tf.fused.Activation;
}

const known: readonly ActivationFunction[] = [
  {
    name: "relu",
    apply: (x) => tf.relu(x),
    fused: "relu",
    passes: (x) => tf.step(x),
    backward: (gradient, output) => rectifiedGradient(gradient, { output }),
    bound: Infinity,
  },
  {
    name: "relu6",
    apply: (x) => tf.relu6(x),
    fused: "relu6",
    passes: (x) => tf.step(x).mul(tf.step(tf.sub(6, x))),
    backward: (gradient, output) => rectifiedGradient(gradient, { output, max: 6 }),
    bound: 6,
  },
  {
    name: "elu",
    apply: (x) => tf.elu(x),
    fused: "elu",
    slopes: (output) => tf.minimum(output, 0).add(1),
  },
  {
    name: "sigmoid",
    apply: (x) => tf.sigmoid(x),
    fused: fusedName("sigmoid"),
    backward: (gradient, output) => gradient.mul(output.mul(tf.sub(1, output))),
  },
  {
    name: "softmax",
    apply: (x) => tf.softmax(x),
    backward(gradient, output) {
      const known = softmaxGradient(gradient, output);
      if (known) return known;
      const along = gradient.mul(output).sum(-1, true); // [scores, …, 1]
      return gradient.sub(along).mul(output);
    },
  },
  {
    name: "tanh",
    apply: (x) => tf.tanh(x),
    backward: (gradient, output) => gradient.mul(tf.sub(1, output.square())),
  },
  { name: "swish", apply: (x) => x.mul(tf.sigmoid(x)) },
];

/** An activation that is known by its name. */
export function findActivation(name: string): ActivationFunction | undefined {
  return known.find((activation) => activation.name === name);
}

/** Activations that do a rectifier's work, but cut nothing off. */
const softRectifiers = /^(leaky_?relu|elu|selu|prelu|thresholded_?relu)$/i;

/** LeakyReLU with its slope below 0. */
export function leakyRelu(slope: number): ActivationFunction {
  return {
    name: "leakyrelu",
    apply: (x) => tf.leakyRelu(x, slope),
    fused: fusedName("leakyrelu"),
    slope,
    ...(slope > 0 && { slopes: (output: tf.Tensor) => tf.step(output, slope) }),
  };
}

/** How far a rectifier reaches. */
export interface RectifierRange {
  /** What is below is cut off. */
  readonly threshold: number;
  /** Nothing is above; `Infinity` where there is no such bound. */
  readonly max: number;
}

/** A rectifier with bounds of its own: 0 below a threshold, x from there on, a maximum above it. */
export function boundedRectifier({ threshold, max }: RectifierRange): ActivationFunction {
  const usual = { Infinity: "relu", 6: "relu6" }[String(max)];
  if (threshold === 0 && usual) return findActivation(usual)!;
  const above = (x: tf.Tensor) => tf.greaterEqual(x, threshold).cast("float32");
  return {
    name: "boundedrelu",
    apply(x) {
      const rectified = threshold === 0 ? tf.relu(x) : x.mul(above(x));
      return max === Infinity ? rectified : tf.minimum(rectified, max);
    },
    passes: (x) => (threshold === 0 ? tf.step(x) : above(x)).mul(tf.step(tf.sub(max, x))),
  };
}

/** ELU as it goes on from another input: straight from one above 0, along the exponential curve from one below. */
function eluFrom(x: tf.Tensor, from: tf.Tensor): tf.Tensor {
  const above = tf.step(from);
  return x.mul(above).add(x.mul(tf.sub(1, above)).exp().sub(1));
}

/** An activation as a rectifier, where it is one. */
function asRectifier({ name, apply, passes, slope }: ActivationFunction): Rectifier | undefined {
  if (name === "elu") return { apply, goOn: eluFrom };
  const slopes = passes ?? (slope === undefined ? undefined : (x: tf.Tensor) => tf.step(x, slope));
  return slopes && { apply, goOn: (x, from) => apply(from).add(slopes(from).mul(x.sub(from))) };
}

/**
 * An activation under the tape; where it is a rectifier, the way back passes it as a rule says.
 *
 * @param x What it takes.
 * @param activation Which it is.
 * @param rule How a rectifier is gone back over, or run.
 */
export function rectify(
  x: tf.Tensor,
  activation: ActivationFunction,
  rule: RectifierRule | RectifierMemory = "gradient",
): tf.Tensor {
  if (typeof rule === "object") {
    const rectifier = asRectifier(activation);
    return rectifier ? rule.rectify(x, rectifier) : activation.apply(x);
  }
  const { passes } = activation;
  if (rule === "gradient" || !passes) return activation.apply(x);
  const rectified = tf.customGrad((input, save) => {
    const x = input as tf.Tensor;
    (save as tf.GradSaveFunc)([x]);
    return {
      value: activation.apply(x),
      gradFunc: (gradient: tf.Tensor, [saved]: tf.Tensor[]) => {
        const positive = tf.relu(gradient);
        return rule === "guided" ? positive.mul(passes(saved!)) : positive;
      },
    };
  });
  return rectified(x);
}

/** The way back over an activation by what it gave; `undefined` where that does not tell it. */
export function activationRetrace(
  { backward, slopes }: ActivationFunction,
  output: tf.Tensor,
): ((gradient: tf.Tensor) => tf.Tensor) | undefined {
  if (backward) return (gradient) => backward(gradient, output);
  return slopes && ((gradient) => gradient.mul(slopes(output)));
}

/** Whether {@linkcode activationRetrace} knows the way back. */
export function isRetraced({ backward, slopes }: ActivationFunction): boolean {
  return backward !== undefined || slopes !== undefined;
}

/** An activation on its own. */
export class Activation implements Operation {
  readonly inputs: readonly [string];
  readonly outputs: readonly [string];
  readonly activation: ActivationFunction;
  readonly bends = true;
  readonly isOfVectors = true;

  constructor(input: string, output: string, activation: ActivationFunction) {
    this.inputs = [input];
    this.outputs = [output];
    this.activation = activation;
  }

  get rectifier(): RectifierKind | undefined {
    const { passes, name } = this.activation;
    if (passes) return "exchanged";
    return softRectifiers.test(name) ? "kept" : undefined;
  }

  run([x]: readonly tf.Tensor[]): tf.Tensor[] {
    const result = this.activation.applyAtOnce?.(x!) ?? this.activation.apply(x!);
    return [result === x ? x.clone() : result];
  }

  runTaped([x]: readonly tf.Tensor[], rule?: RectifierRule | RectifierMemory): tf.Tensor[] {
    const result = rectify(x!, this.activation, rule);
    return [result === x ? x.clone() : result];
  }

  get backward(): Backward | undefined {
    const { backward } = this.activation;
    return backward && ((gradient, _input, output) => backward(gradient, output));
  }

  canRetrace(): boolean {
    return this.activation.slopeAt !== undefined || isRetraced(this.activation);
  }

  retrace([x]: readonly tf.Tensor[], output: tf.Tensor): Retrace {
    const { activation } = this, { slopeAt } = activation;
    if (slopeAt) {
      return (gradient) => [activation.backwardAtOnce?.(gradient, x!) ?? gradient.mul(slopeAt(x!))];
    }
    const back = activationRetrace(this.activation, output)!;
    return (gradient) => [back(gradient)];
  }
}
