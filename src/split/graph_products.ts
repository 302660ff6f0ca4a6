import type * as tf from "../base/tfjs.ts";
import { Activation, type ActivationFunction, findActivation, leakyRelu } from "../operations/activation.ts";
import { Convolution } from "../operations/convolution.ts";
import type { LinearParts } from "../operations/linear.ts";
import type { Operation } from "../operations/operation.ts";
import { Product } from "../operations/product.ts";
import { fixedWeight } from "../operations/weight.ts";
import type { NodeContext, NodeTranslator } from "./graph_translation.ts";

/** What the converter fused into a product: a bias and an activation; `undefined` for anything else. */
function fusedParts({ constant, attribute }: NodeContext):
  | { readonly bias?: tf.Tensor; readonly activation?: ActivationFunction }
  | undefined {
  const fused = (attribute<string[]>("fusedOps") ?? []).map((name) => name.toLowerCase());
  const [name, ...others] = fused.filter((name) => name !== "biasadd" && name !== "noop");
  const bias = fused[0] === "biasadd" ? constant(2) : undefined;
  if (others.length > 0 || (fused[0] === "biasadd" && !bias)) return undefined;
  if (name === undefined) return bias ? { bias } : {};
  const activation = name === "leakyrelu"
    ? leakyRelu(attribute<number>("leakyreluAlpha") ?? 0.2)
    : findActivation(name);
  return activation && { ...(bias && { bias }), activation };
}

/** A product with what was fused into it, taken apart again so that a cut finds each. */
function takeApart(context: NodeContext, make: (parts: LinearParts) => Operation): Operation[] | undefined {
  const kernel = context.constant(1);
  const fused = fusedParts(context);
  if (!kernel || !fused) return undefined;
  const { input, output } = context;
  const { bias, activation } = fused;
  const parts = { input, kernel: fixedWeight(kernel), bias: bias && fixedWeight(bias) };
  if (!activation) return [make({ ...parts, output })];
  const before = `${output}@linear`;
  return [make({ ...parts, output: before }), new Activation(before, output, activation)];
}

function isNhwc({ attribute }: NodeContext): boolean {
  return (attribute<string>("dataFormat") ?? "NHWC").toUpperCase() === "NHWC";
}

/** Padding of each side, as the converter lists it: before and after, axis by axis. */
function explicitPadding(list: readonly number[]): tf.backend_util.ExplicitPadding {
  const [top = 0, bottom = 0, left = 0, right = 0] = list.slice(2);
  return [[0, 0], [top, bottom], [left, right], [0, 0]];
}

/** A convolution with constant weights. */
export function translateConvolution(depthwise: boolean): NodeTranslator {
  return (context) => {
    const { attribute } = context;
    const strides = attribute<number[]>("strides");
    const dilations = attribute<number[]>("dilations") ?? [1, 1, 1, 1];
    const named = attribute<"same" | "valid" | "explicit">("pad");
    if (!strides || !named || !isNhwc(context)) return undefined;
    const pad = named === "explicit" ? explicitPadding(attribute<number[]>("explicitPaddings") ?? []) : named;
    const pair = ([, down, across]: number[]) => [down!, across!] as const;
    const geometry = { strides: pair(strides), dilations: pair(dilations), pad, depthwise };
    return takeApart(context, (parts) => new Convolution(geometry, parts));
  };
}

/** A product of matrices, the second constant. */
export const translateProduct: NodeTranslator = (context) => {
  const { attribute } = context;
  if (attribute<boolean>("transposeA") || attribute<boolean>("transposeB")) return undefined;
  return takeApart(context, (parts) => new Product(parts));
};
