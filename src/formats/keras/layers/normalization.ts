import * as tf from "../../../base/tfjs.ts";
import type { KerasLayer, Settings } from "./keras_layer.ts";

/** The axes with a mean of their own, from 0. */
function axesOf(settings: Settings, rank: number): number[] {
  const axes = [settings.axis ?? -1].flat() as (number | null)[];
  return axes.flatMap((axis) => axis === null ? [] : [(axis + rank) % rank]).sort();
}

function isGiven(settings: Settings): boolean {
  return settings.mean !== null && settings.mean !== undefined;
}

/** Normalization: mean and variance of the training pictures, adapted or given. */
export const normalizationLayer: KerasLayer = {
  className: "Normalization",
  weights(settings, input) {
    if (isGiven(settings)) return [];
    const shape = axesOf(settings, input.length).map((axis) => input[axis]!);
    return [
      { name: "mean", shape, trainable: false },
      { name: "variance", shape, trainable: false },
      { name: "count", shape: [], trainable: false, dtype: "int32" },
    ];
  },
  shape: (input) => input,
  call([x], settings, [mean, variance]) {
    const axes = axesOf(settings, x!.rank);
    const shape = x!.shape.map((size, axis) => axes.includes(axis) ? size : 1);
    const spread = (values: tf.Tensor) => values.size === 1 ? values.reshape([]) : values.reshape(shape);
    const given = (value: unknown) => tf.tensor([value as number[]].flat(3) as number[]);
    const center = spread(isGiven(settings) ? given(settings.mean) : mean!);
    const deviation = tf.sqrt(spread(isGiven(settings) ? given(settings.variance) : variance!));
    if (settings.invert) return tf.add(center, tf.mul(x!, tf.maximum(deviation, 1e-7)));
    return tf.div(tf.sub(x!, center), tf.maximum(deviation, 1e-7));
  },
};

/** ConvNeXt's LayerScale: each channel by a number of its own. */
export const layerScaleLayer: KerasLayer = {
  className: "LayerScale",
  weights: (_settings, input) => [{ name: "gamma", shape: [input.at(-1)!] }],
  shape: (input) => input,
  call: ([x], _settings, [gamma]) => x!.mul(gamma!),
};
