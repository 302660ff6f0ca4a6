/**
 * Attention: each position of one sequence looks at all positions of another, and takes a mean of their values.
 *
 * @module
 */
import * as tf from "../../../base/tfjs.ts";
import { quote } from "../../../base/quote.ts";
import type { CallTemplate } from "../inbound.ts";
import type { KerasLayer, Settings } from "./keras_layer.ts";

/** How a layer's call was recorded. */
function callOf(settings: Settings): CallTemplate {
  return settings.call as CallTemplate;
}

/** A flag of the call. */
export function flag(settings: Settings, name: string): boolean {
  return callOf(settings).named[name] === true;
}

/** Refuse what is not computed, rather than compute something else. */
export function refuseMasks(settings: Settings): void {
  const { named } = callOf(settings);
  const mask = Object.keys(named).find((key) =>
    key.endsWith("mask") && key !== "use_causal_mask" && named[key] !== null && named[key] !== undefined &&
    !(Array.isArray(named[key]) && (named[key] as unknown[]).every((item) => item === null))
  );
  if (mask !== undefined) throw new Error(`The ${quote(mask)} of an attention layer cannot be followed`);
}

/** Scores with a penalty so large that no position looks at later ones. `[..., t, s]` */
export function maskLater(scores: tf.Tensor): tf.Tensor {
  const [t, s] = scores.shape.slice(-2) as [number, number];
  const rows = tf.range(0, t).expandDims(1), columns = tf.range(0, s).expandDims(0);
  return scores.sub(tf.greater(columns, rows).cast("float32").mul(1e9));
}

/** The mean of values by the softmax of scores, and those weights. */
function attend(scores: tf.Tensor, value: tf.Tensor, settings: Settings): tf.Tensor | tf.Tensor[] {
  const masked = flag(settings, "use_causal_mask") || settings.causal === true ? maskLater(scores) : scores;
  const weights = tf.softmax(masked); // [n, t, s]
  const result = tf.matMul(weights, value);
  return flag(settings, "return_attention_scores") ? [result, weights] : result;
}

/** Query, key and value of a layer that takes them as one list: the value is the key where there is none. */
function readInputs(inputs: readonly tf.Tensor[]): [tf.Tensor, tf.Tensor, tf.Tensor] {
  const [query, value, key = value] = inputs;
  return [query!, key!, value!];
}

/** Sums over the last axis of the tanh of a query plus a key, `[n, t, s]`, each channel scaled. */
function additiveScores(query: tf.Tensor, key: tf.Tensor, scale: (x: tf.Tensor) => tf.Tensor): tf.Tensor {
  return scale(query.expandDims(2).add(key.expandDims(1))).sum(-1);
}

/** Attention by the product of query and key, or by the tanh of their sum. */
const attentionLayer: KerasLayer = {
  className: "Attention",
  weights: (settings) => [
    ...(settings.use_scale === true ? [{ name: "scale", shape: [] }] : []),
    ...(settings.score_mode === "concat" ? [{ name: "concat_score_weight", shape: [] }] : []),
  ],
  call(inputs, settings, weights) {
    refuseMasks(settings);
    const [query, key, value] = readInputs(inputs);
    const rest = [...weights];
    const scale = settings.use_scale === true ? rest.shift()! : tf.scalar(1);
    const scores = settings.score_mode === "concat"
      ? additiveScores(query, key, (sum) => tf.tanh(sum.mul(scale))).mul(rest[0]!)
      : tf.matMul(query, key, false, true).mul(scale);
    return attend(scores, value, settings);
  },
};

/** AdditiveAttention, by the tanh of query plus key. */
const additiveAttentionLayer: KerasLayer = {
  className: "AdditiveAttention",
  weights: (settings, input) =>
    settings.use_scale === false ? [] : [{ name: "scale", shape: [input.at(-1)!] }],
  call(inputs, settings, [scale]) {
    refuseMasks(settings);
    const [query, key, value] = readInputs(inputs);
    const scores = additiveScores(query, key, (sum) => scale ? tf.tanh(sum).mul(scale) : tf.tanh(sum));
    return attend(scores, value, settings);
  },
};

/** Attention without heads. */
export const attentionLayers: readonly KerasLayer[] = [attentionLayer, additiveAttentionLayer];
