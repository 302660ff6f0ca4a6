import * as tf from "../../../base/tfjs.ts";
import type { Shape } from "../../../split/model.ts";
import { activationName, applyActivation } from "./activations.ts";
import type { KerasLayer, LayerWeight, Settings } from "./keras_layer.ts";

/** The activation of a setting: its own spelling, or what the translation made of it. */
function apply(setting: unknown, otherwise: string, x: tf.Tensor): tf.Tensor {
  const name = typeof setting === "string" ? setting : otherwise;
  return applyActivation(activationName(name, false) ?? name, x);
}

/** The weights of a GRU that resets after the product: one bias for what comes in, and one for what is remembered. */
function gruWeights({ units, use_bias: useBias }: Settings, channels: number): LayerWeight[] {
  const size = units as number;
  const weights = [
    { name: "kernel", shape: [channels, 3 * size] },
    { name: "recurrent_kernel", shape: [size, 3 * size] },
  ];
  return useBias === false ? weights : [...weights, { name: "bias", shape: [2, 3 * size] }];
}

/**
 * A gated recurrent unit that resets after the product. With the parts z, r and h of x W + b and of the memory's m U + c:
 * z = σ(x_z + m_z), r = σ(x_r + m_r), m ← z m + (1 − z) tanh(x_h + r m_h).
 *
 * @param x `[n, steps, channels]`
 * @returns What is remembered after each step in the order in which they are gone through, `[n, units]` each.
 */
function gru(
  x: tf.Tensor,
  { units, go_backwards: isBackwards, activation, recurrent_activation: gate }: Settings,
  [kernel, recurrent, bias]: readonly tf.Tensor[],
): tf.Tensor[] {
  const size = units as number;
  const [inward, remembered] = bias ? tf.unstack(bias) : []; // [3 units] each
  const spread = x.reshape([-1, x.shape.at(-1)!]).matMul(kernel!); // [n steps, 3 units]
  const products = (inward ? spread.add(inward) : spread).reshape([...x.shape.slice(0, 2), 3 * size]);
  const inOrder = tf.unstack(products, 1); // the way back looks at this very list
  const steps = isBackwards === true ? inOrder.toReversed() : inOrder;
  const memories: tf.Tensor[] = [];
  let memory: tf.Tensor = tf.zeros([x.shape[0]!, size]);
  for (const step of steps) {
    const product = memory.matMul(recurrent!); // [n, 3 units]
    const [mz, mr, mh] = tf.split(remembered ? product.add(remembered) : product, 3, 1);
    const [xz, xr, xh] = tf.split(step, 3, 1);
    const update = apply(gate, "sigmoid", xz!.add(mz!)), reset = apply(gate, "sigmoid", xr!.add(mr!));
    const proposed = apply(activation, "tanh", xh!.add(reset.mul(mh!)));
    memory = update.mul(memory).add(tf.sub(1, update).mul(proposed));
    memories.push(memory);
  }
  return memories;
}

/** What a recurrent layer gives of its memories. */
function collect(memories: tf.Tensor[], { return_sequences: isSequence }: Settings): tf.Tensor {
  return isSequence === true ? tf.stack(memories, 1) : memories.at(-1)!;
}

/** GRU as Keras writes it since version 2: TensorFlow.js has only the one that resets before the product. */
const gruLayer: KerasLayer = {
  className: "GRU",
  weights: (settings, input) => gruWeights(settings, input.at(-1)!),
  call([x], settings, weights) {
    const memories = gru(x!, settings, weights);
    const output = collect(memories, settings);
    return settings.return_state === true ? [output, memories.at(-1)!.clone()] : output;
  },
};

/** How the results of both directions are joined, by `merge_mode`. */
const merges: Readonly<Record<string, (forward: tf.Tensor, backward: tf.Tensor) => tf.Tensor>> = {
  ave: (forward, backward) => forward.add(backward).mul(0.5),
  concat: (forward, backward) => tf.concat([forward, backward], -1),
  mul: (forward, backward) => forward.mul(backward),
  sum: (forward, backward) => forward.add(backward),
};

/** The settings of a layer inside another, as it was translated. */
function settingsOf(layer: unknown): Settings | undefined {
  const { config } = (layer ?? {}) as { readonly config?: { readonly settings: string } };
  return config && JSON.parse(config.settings);
}

/** The settings of the layers of both directions. */
function directions({ layer, backward_layer: other }: Settings): [Settings, Settings] {
  const forward = settingsOf(layer)!;
  return [forward, settingsOf(other) ?? { ...forward, go_backwards: forward.go_backwards !== true }];
}

/** Bidirectional around a GRU. */
const bidirectionalLayer: KerasLayer = {
  className: "Bidirectional",
  weights: (settings, input: Shape) =>
    directions(settings).flatMap((config, index) =>
      gruWeights(config, input.at(-1)!).map((weight) => ({ ...weight, name: `${weight.name}_${index}` }))
    ),
  call([x], settings, weights) {
    const [forward, backward] = directions(settings);
    const half = weights.length / 2;
    const first = collect(gru(x!, forward, weights.slice(0, half)), forward);
    const memories = gru(x!, backward, weights.slice(half));
    // Both in the order of the steps.
    const second = collect(backward.return_sequences === true ? memories.toReversed() : memories, backward);
    const merge = merges[String(settings.merge_mode)];
    return merge ? merge(first, second) : [first, second];
  },
};

/** Recurrent layers, in the place of which TensorFlow.js has others. */
export const recurrentLayers: readonly KerasLayer[] = [gruLayer, bidirectionalLayer];
