import * as tf from "../base/tfjs.ts";
import { Activation, type ActivationFunction, findActivation, leakyRelu } from "../operations/activation.ts";
import { Affine } from "../operations/affine.ts";
import type { Operation } from "../operations/operation.ts";
import { channelNorm } from "./graph_batch_norm.ts";
import { computationOf, type NodeContext, type NodeTranslator, type Operand } from "./graph_translation.ts";

/** One of the operations that TensorFlow's optimiser, or the converter, fused into the product before them. */
export interface FusedPart {
  /** What the node's list of fused operations calls it, in small letters. */
  readonly name: string;
  /** What it takes besides the value before it. */
  readonly operands: readonly Operand[];
}

/** A way to compute such an operation. */
interface FusedOperation {
  /** How many of the node's further inputs it takes. */
  readonly takes: number;
  /** Compute it; `undefined` where TensorFlow.js is to execute the node. */
  make(
    input: string,
    output: string,
    operands: readonly Operand[],
    context: NodeContext,
  ): Operation | undefined;
}

/** An attribute that TensorFlow.js reads of some operations, and leaves unread of others. */
function numberOf(
  { attribute, node }: NodeContext,
  [read, raw]: readonly [string, string],
): number | undefined {
  return attribute<number>(read) ?? node.rawAttrs?.[raw]?.f;
}

/** The bias of a product where it is no vector of its channels, or another value on its way. */
const sum: FusedOperation = {
  takes: 1,
  make: (input, output, [other]) => computationOf([input, other!], output, (a, b) => tf.add(a!, b!)),
};

/** The mean and the variance of training, of each channel. */
const batchNormalization: FusedOperation = {
  takes: 4,
  make(input, output, operands, context) {
    const epsilon = numberOf(context, ["epsilon", "epsilon"]) ?? 1e-4;
    const weights = operands.filter((operand) => typeof operand !== "string");
    return weights.length < 4 ? undefined : new Affine(input, output, channelNorm(weights, epsilon));
  },
};

/** A slope below 0 of each channel, or of each element. */
const parametricRelu: FusedOperation = {
  takes: 1,
  make: (input, output, [slopes]) =>
    computationOf([input, slopes!], output, (x, a) => tf.prelu(x!, a!), "kept"),
};

/** √(2 / π) */
const gaussian = Math.sqrt(2 / Math.PI);

/** Activations that only a product can have fused into it. */
const ownActivations: ReadonlyMap<string, (x: tf.Tensor) => tf.Tensor> = new Map([
  ["geluexact", (x) => x.mul(0.5).mul(tf.erf(x.mul(Math.SQRT1_2)).add(1))],
  [
    "geluapproximate",
    (x) => x.mul(0.5).mul(tf.tanh(x.add(x.mul(x.square()).mul(0.044715)).mul(gaussian)).add(1)),
  ],
  ["hardswish", (x) => x.mul(tf.relu6(x.add(3))).div(6)],
  ["mish", (x) => x.mul(tf.tanh(tf.softplus(x)))],
]);

/** An activation by the name that a node has it under. */
function activationOf(name: string, context: NodeContext): ActivationFunction | undefined {
  if (name === "leakyrelu") {
    return leakyRelu(numberOf(context, ["leakyreluAlpha", "leakyrelu_alpha"]) ?? 0.2);
  }
  const plain = name.replace(/^_(mkl)?(fused)?/, "");
  const apply = ownActivations.get(plain);
  return findActivation(plain) ?? (apply && { name: plain, apply });
}

function activation(name: string): FusedOperation {
  return {
    takes: 0,
    make(input, output, _operands, context) {
      const found = activationOf(name, context);
      return found && new Activation(input, output, found);
    },
  };
}

/** Those that take more than the value before them. */
const operations: ReadonlyMap<string, FusedOperation> = new Map([
  ["add", sum],
  ["biasadd", sum],
  ["fusedbatchnorm", batchNormalization],
  ["prelu", parametricRelu],
]);

function operationOf(name: string): FusedOperation {
  return operations.get(name) ?? activation(name);
}

/** A node's operations, by the names of the list that it has of those fused into a product of its first two inputs. */
export function fusedParts(context: NodeContext): FusedPart[] | undefined {
  const names = context.attribute<string[]>("fusedOps") ?? [];
  return partsOf(names.map((name) => name.toLowerCase()), 2, context);
}

/**
 * Operations one after the other, and what they take.
 *
 * @param names What they are called.
 * @param first The index of the first input that they take.
 * @returns `undefined` where the node lacks an input.
 */
function partsOf(names: readonly string[], first: number, { operand }: NodeContext): FusedPart[] | undefined {
  const parts: FusedPart[] = [];
  let at = first;
  for (const name of names.filter((name) => name !== "noop")) {
    const operands = Array.from({ length: operationOf(name).takes }, () => operand(at++));
    if (operands.includes(undefined)) return undefined;
    parts.push({ name, operands: operands as Operand[] });
  }
  return parts;
}

/** The text of an attribute that TensorFlow.js leaves unread; a file holds it in base64 as a rule. */
function textOf({ node }: NodeContext, raw: string): string {
  const text = node.rawAttrs?.[raw]?.s;
  if (typeof text !== "string") return "";
  try {
    return atob(text);
  } catch {
    return text;
  }
}

/** Batch norm with another value and an activation joined to it, an operation that TensorFlow.js does not have. */
export const translateJoinedBatchNorm: NodeTranslator = (context) => {
  const { input, output, node } = context;
  if (node.rawAttrs?.["is_training"]?.b !== false) return undefined;
  const mode = textOf(context, "activation_mode").toLowerCase();
  const names = [
    "fusedbatchnorm",
    ...(Number(node.rawAttrs["num_side_inputs"]?.i ?? 0) > 0 ? ["add"] : []),
    ...(mode === "" || mode === "identity" ? [] : [mode]),
  ];
  const parts = partsOf(names, 1, context);
  const between = names.slice(1).map((_, at) => `${output}@part${at + 1}`);
  return parts && followProduct(parts, [input, ...between, output], context);
};

/**
 * The operations of what was fused into a node, one after the other.
 *
 * @param ids The id of the value before them and of each that they give.
 * @returns `undefined` where TensorFlow.js is to execute the node.
 */
export function followProduct(
  parts: readonly FusedPart[],
  ids: readonly string[],
  context: NodeContext,
): Operation[] | undefined {
  const made = parts.map(({ name, operands }, at) =>
    operationOf(name).make(ids[at]!, ids[at + 1]!, operands, context)
  );
  return made.includes(undefined) ? undefined : made as Operation[];
}
