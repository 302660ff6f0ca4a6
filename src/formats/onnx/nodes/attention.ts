import * as tf from "../../../base/tfjs.ts";
import { Activation, findActivation } from "../../../operations/activation.ts";
import { ValueProduct } from "../../../operations/value_product.ts";
import { inOrder } from "../layout.ts";
import type { NodeContext, NodeTranslator, NodeTranslators } from "../translator.ts";
import { type Constant, constantOf, type Live, type Value } from "../value.ts";
import { transposed } from "./shaping.ts";

/** Queries, keys or values, `[N, heads, tokens, size]`. */
function headsOf(node: NodeContext, index: number, heads: number, part: string): Live {
  const x = node.live(index);
  if (x.shape.length === 4) return x;
  const [pictures, tokens, size] = x.shape as [number, number, number];
  if (heads < 1 || size % heads !== 0) node.fail("has heads that do not fit");
  return transposed(node.reshaped(x, [pictures, tokens, heads, size / heads], part), [0, 2, 1, 3]);
}

/** What was there before, and what comes after it. */
function withPast(node: NodeContext, x: Live, index: number, part: string): Live {
  if (!node.inputs[index]) return x;
  const own = node.stored(x, inOrder(4)), past = node.live(index), before = node.stored(past, inOrder(4));
  const shape = x.shape.with(2, x.shape[2]! + past.shape[2]!);
  return node.compute([before, own], (before, own) => tf.concat([before!, own!], 2), {
    shape,
    type: x.type,
    part,
  });
}

/** Each head of keys as often as there are heads of queries for it. */
function repeated(x: tf.Tensor, heads: number): tf.Tensor {
  const own = x.shape[1]!;
  if (own === heads) return x;
  const indices = Array.from({ length: heads }, (_, head) => Math.floor(head * own / heads));
  return tf.gather(x, tf.tensor1d(indices, "int32"), 1);
}

/** What keeps tokens from seeing those that come later, to be added to scores. */
function causalMask(rows: number, columns: number, past: number): Float32Array {
  return Float32Array.from(
    { length: rows * columns },
    (_, at) => at % columns > Math.floor(at / columns) + past ? -Infinity : 0,
  );
}

/** What keeps tokens from seeing those beyond each picture's own number of them. */
function lengthMask(lengths: Constant, columns: number): Float32Array {
  const counts = Array.from(lengths.read());
  return Float32Array.from(
    counts.flatMap((count) => Array.from({ length: columns }, (_, at) => at < count ? 0 : -Infinity)),
  );
}

/** What is added to scores: numbers as they are, and minus infinity where a mask says no. */
function asBias(mask: tf.Tensor, columns: number): tf.Tensor {
  const bias = mask.dtype === "bool"
    ? tf.where(mask, tf.zeros(mask.shape), tf.fill(mask.shape, -Infinity))
    : mask;
  const missing = columns - bias.shape.at(-1)!;
  if (missing <= 0) return bias;
  return tf.pad(
    bias,
    bias.shape.map((_, axis): [number, number] => [0, axis === bias.rank - 1 ? missing : 0]),
    -Infinity,
  );
}

const attention: NodeTranslator = (node) => {
  const { attributes } = node;
  const heads = attributes.int("q_num_heads", 0), isFlat = node.input(0).shape.length === 3;
  const q = node.stored(headsOf(node, 0, heads, "q"), inOrder(4));
  const keyHeads = attributes.int("kv_num_heads", heads);
  const k = node.stored(withPast(node, headsOf(node, 1, keyHeads, "k"), 4, "keys"), inOrder(4));
  const v = node.stored(withPast(node, headsOf(node, 2, keyHeads, "v"), 5, "values"), inOrder(4));
  const [pictures, count, rows, size] = q.shape as [number, number, number, number], columns = k.shape[2]!;
  const scale = attributes.float("scale", 0) || 1 / Math.sqrt(size), softcap = attributes.float("softcap", 0);
  const shape = [pictures, count, rows, columns];
  const areAlike = k.shape[1] === count && v.shape[1] === count;
  const product = areAlike
    ? node.emit(
      new ValueProduct(q.id, k.id, node.id("product"), { transposed: true, factor: scale }),
      { shape },
    )
    : node.compute(
      [q, k],
      (q, k) => tf.matMul(q!.mul(scale), repeated(k!, count), false, true),
      { shape, part: "product" },
    );
  const masks: Value[] = [];
  const mask = node.inputs[3];
  if (mask) masks.push(mask.kind === "live" ? node.stored(mask, inOrder(mask.shape.length)) : mask);
  if (attributes.int("is_causal", 0) === 1) {
    const past = node.inputs[4]?.shape[2] ?? 0;
    masks.push(constantOf("float32", [rows, columns], causalMask(rows, columns, past)));
  }
  const lengths = node.constant(6);
  if (lengths) {
    masks.push(constantOf("float32", [lengths.shape[0]!, 1, 1, columns], lengthMask(lengths, columns)));
  }
  const cap = (x: tf.Tensor) => softcap > 0 ? x.div(softcap).tanh().mul(softcap) : x;
  const capped = softcap > 0 ? node.compute([product], (x) => cap(x!), { shape, part: "capped" }) : product;
  const masked = masks.length === 0 ? capped : node.compute(
    [capped, ...masks],
    (x, ...masks) => masks.reduce((sum, mask) => sum.add(asBias(mask, columns)), x!),
    { shape, part: "masked" },
  );
  const shares = node.emit(new Activation(masked.id, node.id("shares"), findActivation("softmax")!), {
    shape,
  });
  const depth = v.shape[3]!, own = [pictures, count, rows, depth];
  const part = isFlat ? "heads" : undefined;
  const result = areAlike
    ? node.emit(new ValueProduct(shares.id, v.id, node.id(part)), { shape: own })
    : node.compute(
      [shares, v],
      (shares, v) => tf.matMul(shares!, repeated(v!, count)),
      { shape: own, part },
    );
  const output = isFlat
    ? node.reshaped(transposed(result, [0, 2, 1, 3]), [pictures, rows, count * depth])
    : result;
  const seen = [product, capped, masked, shares][attributes.int("qk_matmul_output_mode", 0)] ?? product;
  return [output, k, v, seen];
};

/** Attention in one node. */
export const attentionNodes: NodeTranslators = { Attention: attention };
