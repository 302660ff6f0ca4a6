import type * as tf from "../base/tfjs.ts";
import { Activation, findActivation } from "../operations/activation.ts";
import type { Operation } from "../operations/operation.ts";
import { Product } from "../operations/product.ts";
import { Reshape } from "../operations/reshape.ts";
import { Transpose } from "../operations/transpose.ts";
import { ValueProduct } from "../operations/value_product.ts";
import type { Weight } from "../operations/weight.ts";
import { arrangeAttention, type AttentionSettings, headsOf } from "./attention_heads.ts";
import type { Step } from "./step.ts";

/** A weight in another shape. */
function reshaped(variable: tf.LayerVariable, shape: number[]): Weight {
  return { read: () => variable.read().reshape(shape) };
}

/** Whether nothing is asked for that the operations here do not do. */
function isPlain({ inputShapes }: Step, settings: AttentionSettings): boolean {
  const { named } = settings.call as { readonly named: AttentionSettings };
  const isUnset = (value: unknown) =>
    value === undefined || value === null || value === false ||
    Array.isArray(value) && value.every((item) => item === null);
  const { attention_axes: axes, output_shape: size } = settings;
  const isAlongTokens = isUnset(axes) || [axes].flat().join() === "1";
  const others = [
    settings.use_gate,
    settings.sliding_window,
    ...Object.keys(named)
      .filter((name) => !["query", "value", "key", "return_attention_scores", "training"].includes(name))
      .map((name) => named[name]),
  ];
  return isAlongTokens && [size ?? 0].flat().length === 1 && others.every(isUnset) &&
    inputShapes.every(({ length }) => length === 3);
}

/**
 * Attention by several heads, taken apart, so that its weights are a value of the model.
 *
 * @returns `undefined` where it is to be called as a whole.
 */
export function attentionOperations(step: Step, settings: AttentionSettings): Operation[] | undefined {
  if (!settings.call || !isPlain(step, settings)) return undefined;
  const { count, shared, keySize, valueSize } = headsOf(settings);
  if (count !== shared) return undefined;
  const [output, weights = `${output}@weights`] = step.outputs as [string, string?];
  const given = arrangeAttention(step.inputs, settings);
  const variables = [...step.layer.weights];
  /** The kernel `[d, size]` of the next product, and its bias. */
  const next = (rows: (shape: readonly (number | null)[]) => number) => {
    const kernel = variables.shift()!;
    const bias = settings.use_bias === false ? undefined : variables.shift()!;
    return {
      kernel: reshaped(kernel, [rows(kernel.shape), -1]),
      bias: bias && reshaped(bias, [-1]),
    };
  };
  /** A value by heads, `[n, t, d]` → `[n, heads, t, size]`. */
  const byHeads = (name: string, input: string, size: number): Operation[] => [
    new Product({ input, output: `${output}@${name}`, ...next(([depth]) => depth!) }),
    new Reshape(`${output}@${name}`, `${output}@${name}Parts`, ([n, t]) => [n!, t!, count, size]),
    new Transpose(`${output}@${name}Parts`, `${output}@${name}Heads`, [0, 2, 1, 3]),
  ];
  return [
    ...byHeads("query", given.query, keySize),
    ...byHeads("key", given.key, keySize),
    ...byHeads("value", given.value, valueSize),
    new ValueProduct(`${output}@queryHeads`, `${output}@keyHeads`, `${output}@scores`, {
      transposed: true,
      factor: 1 / Math.sqrt(keySize),
    }),
    new Activation(`${output}@scores`, weights, findActivation("softmax")!),
    new ValueProduct(weights, `${output}@valueHeads`, `${output}@seenHeads`),
    new Transpose(`${output}@seenHeads`, `${output}@seenParts`, [0, 2, 1, 3]),
    new Reshape(`${output}@seenParts`, `${output}@seen`, ([n, t]) => [n!, t!, count * valueSize]),
    new Product({
      input: `${output}@seen`,
      output,
      ...next((shape) => shape.slice(0, -1).reduce<number>((rows, size) => rows * size!, 1)),
    }),
  ];
}
