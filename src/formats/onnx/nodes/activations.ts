import * as tf from "../../../base/tfjs.ts";
import {
  Activation,
  type ActivationFunction,
  boundedRectifier,
  findActivation,
  leakyRelu,
} from "../../../operations/activation.ts";
import { isFloat } from "../element_type.ts";
import { withLast } from "../layout.ts";
import { softmaxAxis, softmaxOperation } from "./softmax.ts";
import type { NodeContext, NodeTranslator, NodeTranslators } from "../translator.ts";
import type { Live, Value } from "../value.ts";
import { align } from "./broadcast.ts";

/** An activation of each number, wherever it is stored. */
export function activate(node: NodeContext, activation: ActivationFunction): Value {
  const x = node.live(0);
  return node.emit(new Activation(x.id, node.id(), activation), { ...x });
}

const known = (name: string): NodeTranslator => (node) => activate(node, findActivation(name)!);

/** A function of each number. */
export function unary(apply: (x: tf.Tensor) => tf.Tensor): NodeTranslator {
  return (node) => activate(node, { name: node.op.toLowerCase(), apply });
}

/** Integers brought within bounds that are some too. */
function clipIntegers(node: NodeContext, x: Live, low: number, high: number): Live {
  const within = (bound: number) => tf.scalar(Math.min(Math.max(bound, -(2 ** 31)), 2 ** 31 - 1), "int32");
  return node.compute([x], (x) => tf.minimum(tf.maximum(x!, within(low)), within(high)), { ...x });
}

/** Numbers brought within bounds; from 0 on it is a rectifier. */
const clip: NodeTranslator = (node) => {
  const low = node.numbers(1)?.[0] ?? node.attributes.float("min", -Infinity);
  const high = node.numbers(2)?.[0] ?? node.attributes.float("max", Infinity);
  const x = node.live(0);
  if (!isFloat(x.type)) return clipIntegers(node, x, low, high);
  if (low === 0) {
    return activate(node, boundedRectifier({ threshold: 0, max: high >= 3.4e38 ? Infinity : high }));
  }
  const [least, most] = [Math.max(low, -3.4e38), Math.min(high, 3.4e38)];
  if (most < least) return node.compute([x], (x) => tf.onesLike(x!).mul(most), { ...x });
  return activate(node, { name: "clip", apply: (x) => tf.clipByValue(x, least, most) });
};

/** x · max(0, min(1, αx + β)) and the like. */
function hardSigmoid(x: tf.Tensor, alpha: number, beta: number): tf.Tensor {
  return x.mul(alpha).add(beta).clipByValue(0, 1);
}

const elu: NodeTranslator = (node) => {
  const alpha = node.attributes.float("alpha", 1);
  if (alpha === 1) return activate(node, findActivation("elu")!);
  return activate(node, {
    name: "elu_alpha",
    apply: (x) => tf.relu(x).add(tf.minimum(x, 0).exp().sub(1).mul(alpha)),
  });
};

const prelu: NodeTranslator = (node) => {
  const { operands, shape, axes } = align(node, [node.input(0), node.input(1)]);
  return node.compute(operands, (x, slopes) => tf.prelu(x!, slopes!), { shape, axes, rectifier: "kept" });
};

const softmax = (isLog: boolean): NodeTranslator => (node) => {
  const x = node.live(0);
  const { axis, flat } = softmaxAxis(node, x);
  if (flat) {
    const rows = node.reshaped(x, flat, "rows");
    const given = node.stored(rows, [0, 1]);
    const result = node.emit(softmaxOperation(given.id, node.id("flat"), isLog), { ...given });
    return node.reshaped(result, x.shape);
  }
  const given = node.stored(x, withLast(x.axes, axis));
  return node.emit(softmaxOperation(given.id, node.id(), isLog), { ...given });
};

/** Functions of each number, and softmax. */
export const activationNodes: NodeTranslators = {
  Clip: clip,
  Elu: elu,
  HardSigmoid: (node) => {
    const alpha = node.attributes.float("alpha", 0.2), beta = node.attributes.float("beta", 0.5);
    return activate(node, { name: "hardsigmoid", apply: (x) => hardSigmoid(x, alpha, beta) });
  },
  HardSwish: (node) => activate(node, { name: "hardswish", apply: (x) => x.mul(hardSigmoid(x, 1 / 6, 0.5)) }),
  LeakyRelu: (node) => activate(node, leakyRelu(node.attributes.float("alpha", 0.01))),
  LogSoftmax: softmax(true),
  PRelu: prelu,
  Relu: known("relu"),
  Sigmoid: known("sigmoid"),
  Softmax: softmax(false),
  Tanh: known("tanh"),
};
