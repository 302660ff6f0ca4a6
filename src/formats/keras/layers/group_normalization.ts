import type { KerasLayer } from "./keras_layer.ts";
import { standardize } from "./layer_normalization.ts";

/** GroupNormalization over any axis. */
export const groupNormalizationLayer: KerasLayer = {
  className: "GroupNormalization",
  weights(settings, input) {
    const shape = [input.at(Number(settings.axis ?? -1))!];
    return [
      ...(settings.scale === false ? [] : [{ name: "gamma", shape }]),
      ...(settings.center === false ? [] : [{ name: "beta", shape }]),
    ];
  },
  shape: (input) => input,
  call([x], settings, weights) {
    const axis = (Number(settings.axis ?? -1) + x!.rank) % x!.rank;
    const channels = x!.shape[axis]!;
    const asked = Number(settings.groups ?? 32);
    const groups = asked === -1 ? channels : asked;
    const shape = [...x!.shape.slice(0, axis), groups, channels / groups, ...x!.shape.slice(axis + 1)];
    const axes = shape.map((_, index) => index).filter((index) => index !== 0 && index !== axis);
    const standard = standardize(x!.reshape(shape), axes, Number(settings.epsilon ?? 1e-3)).reshape(x!.shape);
    const rest = weights.map((values) =>
      values.reshape(x!.shape.map((size, index) => index === axis ? size : 1))
    );
    const scaled = settings.scale === false ? standard : standard.mul(rest.shift()!);
    return settings.center === false ? scaled : scaled.add(rest.shift()!);
  },
};
