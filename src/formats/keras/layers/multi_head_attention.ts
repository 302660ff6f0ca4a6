import * as tf from "../../../base/tfjs.ts";
import { quote } from "../../../base/quote.ts";
import { arrangeAttention as arrange, headsOf } from "../../../split/attention_heads.ts";
import type { Shape } from "../../../split/model.ts";
import { flag, maskLater, refuseMasks } from "./attention.ts";
import type { KerasLayer, LayerWeight, Settings } from "./keras_layer.ts";

/** Refuse what is not computed, rather than compute something else. */
function check(settings: Settings): void {
  refuseMasks(settings);
  const asked = ["use_gate", "sliding_window"].find((key) => settings[key]);
  if (asked !== undefined) {
    throw new Error(`The setting ${quote(asked)} of an attention layer cannot be followed`);
  }
}

/** A product of `x`, `[..., d]`, with a kernel `[d, heads, size]`. */
function project(x: tf.Tensor, kernel: tf.Tensor, bias: tf.Tensor | undefined): tf.Tensor {
  const [depth, heads, size] = kernel.shape as [number, number, number];
  const product = x.reshape([-1, depth]).matMul(kernel.reshape([depth, heads * size]))
    .reshape([...x.shape.slice(0, -1), heads, size]);
  return bias ? product.add(bias) : product;
}

/** Each head repeated for those of the query that share it. `[..., heads, size]` */
function repeatHeads(x: tf.Tensor, times: number): tf.Tensor {
  if (times === 1) return x;
  const [heads, size] = x.shape.slice(-2) as [number, number];
  const repeated = x.expandDims(-2).add(tf.zeros([times, 1])); // a tiling of five axes is not taped
  return repeated.reshape([...x.shape.slice(0, -2), heads * times, size]);
}

/** How axes are ordered so that those looked along stand together: the others, the heads, these, the head's own. */
function orderOf(rank: number, settings: Settings): { order: number[]; along: number[]; others: number[] } {
  const given = (settings.attention_axes ?? null) as number | readonly number[] | null;
  const along = given === null
    ? Array.from({ length: rank - 3 }, (_, index) => index + 1)
    : ([given].flat() as number[]).map((axis) => axis < 0 ? axis + rank - 1 : axis);
  const others = Array.from({ length: rank - 2 }, (_, axis) => axis).filter((axis) => !along.includes(axis));
  return { order: [...others, rank - 2, ...along, rank - 1], along, others };
}

/** `[..., heads, size]` as `[others · heads, positions, size]`. */
function flattenHeads(x: tf.Tensor, settings: Settings): tf.Tensor3D {
  const { order, along } = orderOf(x.rank, settings);
  const positions = along.reduce((product, axis) => product * x.shape[axis]!, 1);
  return x.transpose(order).reshape([-1, positions, x.shape.at(-1)!]);
}

/** What `flattenHeads` does, undone: the shape is that of the query's heads, but for the size. */
function restoreHeads(x: tf.Tensor3D, like: Shape, settings: Settings): tf.Tensor {
  const { order } = orderOf(like.length, settings);
  const size = x.shape[2];
  const shape = order.slice(0, -1).map((axis) => like[axis]!);
  const inverse = order.map((_, axis) => order.indexOf(axis));
  return x.reshape([...shape, size]).transpose(inverse);
}

function outputSize(settings: Settings, query: Shape): number {
  const shape = [settings.output_shape ?? query.at(-1)!].flat() as number[];
  if (shape.length > 1) {
    throw new Error(`The "output_shape" [${shape}] of an attention layer cannot be followed`);
  }
  return shape[0]!;
}

/** Attention by several heads; GroupQueryAttention shares keys and values among them. */
function headsLayer(className: string): KerasLayer {
  return {
    className,
    weights(settings, _input, inputs) {
      check(settings);
      const { count, shared, keySize, valueSize } = headsOf(settings);
      const { query, key, value } = arrange(inputs, settings);
      const dense = (name: string, shape: number[], bias: number[]): LayerWeight[] => [
        { name: `${name}_kernel`, shape },
        ...(settings.use_bias === false ? [] : [{ name: `${name}_bias`, shape: bias }]),
      ];
      const output = outputSize(settings, query);
      return [
        ...dense("query", [query.at(-1)!, count, keySize], [count, keySize]),
        ...dense("key", [key.at(-1)!, shared, keySize], [shared, keySize]),
        ...dense("value", [value.at(-1)!, shared, valueSize], [shared, valueSize]),
        ...dense("output", [count, valueSize, output], [output]),
      ];
    },
    call(inputs, settings, weights) {
      check(settings);
      const { count, shared, keySize } = headsOf(settings);
      const given = arrange(inputs, settings);
      const rest = [...weights];
      const next = () => [rest.shift()!, settings.use_bias === false ? undefined : rest.shift()!] as const;
      const query = project(given.query, ...next());
      const key = repeatHeads(project(given.key, ...next()), count / shared);
      const value = repeatHeads(project(given.value, ...next()), count / shared);
      const [q, k, v] = [query, key, value].map((x) => flattenHeads(x, settings));
      const scores = tf.matMul(q!, k!, false, true).div(Math.sqrt(keySize)); // [others · heads, t, s]
      const attention = tf.softmax(flag(settings, "use_causal_mask") ? maskLater(scores) : scores);
      const seen = restoreHeads(tf.matMul(attention, v!) as tf.Tensor3D, query.shape, settings);
      const [kernel, bias] = next();
      const size = kernel.shape.at(-1)!;
      const product = seen.reshape([-1, kernel.size / size]).matMul(kernel.reshape([-1, size]))
        .reshape([...given.query.shape.slice(0, -1), size]);
      const output = bias ? product.add(bias) : product;
      if (!flag(settings, "return_attention_scores")) return output;
      return [output, attention.reshape([-1, count, ...attention.shape.slice(1)])];
    },
  };
}

/** Attention by several heads. */
export const multiHeadAttentionLayers: readonly KerasLayer[] = [
  headsLayer("MultiHeadAttention"),
  headsLayer("GroupQueryAttention"),
];
