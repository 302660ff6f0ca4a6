import * as tf from "../../../base/tfjs.ts";
import type { Shape } from "../../../split/model.ts";
import type { KerasLayer, LayerWeight, Settings } from "./keras_layer.ts";

/** The axes of a configuration from 0, in order. */
function axesOf(settings: Settings, rank: number): number[] {
  return ([settings.axis ?? -1].flat() as number[]).map((axis) => (axis + rank) % rank).sort((a, b) => a - b);
}

/** Sizes along the axes, in the order in which they are given. */
function shapeOf(settings: Settings, input: Shape): number[] {
  return ([settings.axis ?? -1].flat() as number[]).map((axis) => input.at(axis)!);
}

/** Figures along some axes, shaped to be combined with x. */
function spread(values: tf.Tensor, x: tf.Tensor, axes: readonly number[]): tf.Tensor {
  return values.reshape(x.shape.map((size, axis) => axes.includes(axis) ? size : 1));
}

/**
 * x divided by its root mean square along some axes.
 *
 * @param epsilon What is added to the mean square.
 */
export function rootMeanSquare(x: tf.Tensor, axes: number[], epsilon: number): tf.Tensor {
  return x.mul(tf.rsqrt(x.square().mean(axes, true).add(epsilon)));
}

/** x less its mean, divided by its deviation along some axes. */
export function standardize(x: tf.Tensor, axes: number[], epsilon: number): tf.Tensor {
  const centred = x.sub(x.mean(axes, true));
  return centred.mul(tf.rsqrt(centred.square().mean(axes, true).add(epsilon)));
}

/** LayerNormalization over any axes; with rms_scaling x itself, its mean still in it, is divided by its deviation. */
export const layerNormalizationLayer: KerasLayer = {
  className: "LayerNormalization",
  weights(settings, input) {
    const shape = shapeOf(settings, input);
    const gamma: LayerWeight[] = settings.scale === false && !settings.rms_scaling
      ? []
      : [{ name: "gamma", shape }];
    return settings.center === false || settings.rms_scaling ? gamma : [...gamma, { name: "beta", shape }];
  },
  shape: (input) => input,
  call([x], settings, weights) {
    const axes = axesOf(settings, x!.rank);
    const epsilon = Number(settings.epsilon ?? 1e-3);
    const [first, second] = weights.map((values) => spread(values, x!, axes));
    if (settings.rms_scaling) {
      const variance = x!.sub(x!.mean(axes, true)).square().mean(axes, true);
      return x!.mul(tf.rsqrt(variance.add(epsilon))).mul(first!);
    }
    const standard = standardize(x!, axes, epsilon);
    const scaled = settings.scale === false ? standard : standard.mul(first!);
    const offset = settings.scale === false ? first : second;
    return settings.center === false ? scaled : scaled.add(offset!);
  },
};

/** RMSNormalization over any axes. Keras spreads the gains along the last axes, whichever they belong to. */
export const rmsNormalizationLayer: KerasLayer = {
  className: "RMSNormalization",
  weights: (settings, input) => [{ name: "scale", shape: shapeOf(settings, input) }],
  shape: (input) => input,
  call([x], settings, [scale]) {
    const axes = axesOf(settings, x!.rank);
    return rootMeanSquare(x!, axes, Number(settings.epsilon ?? 1e-6)).mul(scale!);
  },
};

/** UnitNormalization: each vector along the axes has length 1. */
export const unitNormalizationLayer: KerasLayer = {
  className: "UnitNormalization",
  shape: (input) => input,
  call([x], settings) {
    const length = x!.square().sum([settings.axis ?? -1].flat() as number[], true);
    return x!.mul(tf.rsqrt(tf.maximum(length, 1e-12)));
  },
};
