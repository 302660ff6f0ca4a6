import * as tf from "../../../base/tfjs.ts";
import type { KerasLayer, LayerWeight, Settings } from "./keras_layer.ts";

function axisOf(settings: Settings, rank: number): number {
  const [axis = -1] = [settings.axis ?? -1].flat() as number[];
  return (axis + rank) % rank;
}

function optional(settings: Settings, key: string, weight: LayerWeight): LayerWeight[] {
  return settings[key] === false ? [] : [weight];
}

/**
 * BatchNormalization over any axis, with or without gains and offsets. With renorm, Keras 2 saves moving figures of
 * the correction too, which play no part in inference.
 */
export const batchNormalizationLayer: KerasLayer = {
  className: "BatchNormalization",
  weights(settings, input) {
    const shape = [input[axisOf(settings, input.length)]!];
    const moving = (name: string) => ({ name, shape, trainable: false });
    const renorm = ["moving_stddev", "renorm_mean", "renorm_stddev"].map(moving);
    return [
      ...optional(settings, "scale", { name: "gamma", shape }),
      ...optional(settings, "center", { name: "beta", shape }),
      moving("moving_mean"),
      moving("moving_variance"),
      ...(settings.renorm === true ? renorm : []),
    ];
  },
  shape: (input) => input,
  call([x], settings, weights) {
    const rest = [...weights];
    const gamma = settings.scale === false ? undefined : rest.shift()!;
    const beta = settings.center === false ? undefined : rest.shift()!;
    const [mean, variance] = rest;
    const inverse = tf.rsqrt(variance!.add(Number(settings.epsilon ?? 1e-3))); // [c]
    const gains = gamma ? inverse.mul(gamma) : inverse;
    const offsets = tf.sub(beta ?? 0, mean!.mul(gains));
    const axis = axisOf(settings, x!.rank);
    const shape = x!.shape.map((size, index) => index === axis ? size : 1);
    return x!.mul(gains.reshape(shape)).add(offsets.reshape(shape));
  },
};
