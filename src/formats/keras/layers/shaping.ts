import * as tf from "../../../base/tfjs.ts";
import type { KerasLayer, Settings } from "./keras_layer.ts";

/** Rescaling by a number or one for each channel. */
const rescalingLayer: KerasLayer = {
  className: "Rescaling",
  shape: (input) => input,
  call: ([x], { scale, offset }) =>
    x!.mul(tf.tensor(scale as number)).add(tf.tensor((offset ?? 0) as number)),
};

/** Reshape with a size that follows from the others. */
const reshapeLayer: KerasLayer = {
  className: "Reshape",
  call: ([x], { target_shape: target }) =>
    x!.reshape([x!.shape[0]!, ...(target as (number | null)[]).map((size) => size ?? -1)]),
};

/** Flatten, of vectors too, and of pictures whose size is not known beforehand. */
const flattenLayer: KerasLayer = {
  className: "Flatten",
  quiet: true,
  shape([batch, ...sizes]) {
    const isKnown = sizes.every((size) => size !== null);
    return [batch!, isKnown ? sizes.reduce((product: number, size) => product * size!, 1) : null];
  },
  call: ([x]) => x!.reshape([x!.shape[0]!, -1]),
};

function bothSides(value: unknown): [number, number] {
  const [before, after = before] = [value ?? 1].flat() as number[];
  return [before!, after!];
}

/** Zeros before and after. */
const zeroPaddingLayer: KerasLayer = {
  className: "ZeroPadding1D",
  call: ([x], { padding }) => tf.pad(x!, [[0, 0], bothSides(padding), [0, 0]]),
};

/** What is left without some at the beginning and the end. */
const croppingLayer: KerasLayer = {
  className: "Cropping1D",
  call([x], { cropping }) {
    const [before, after] = bothSides(cropping);
    return x!.slice([0, before, 0], [x!.shape[0]!, x!.shape[1]! - before - after, x!.shape[2]!]);
  },
};

/** Each element several times. */
const upSamplingLayer: KerasLayer = {
  className: "UpSampling1D",
  call([x], settings: Settings) {
    const [batch, length, channels] = x!.shape as [number, number, number];
    const times = Number(settings.size ?? 2);
    return x!.expandDims(2).tile([1, 1, times, 1]).reshape([batch, length * times, channels]);
  },
};

/** Layers that put elements elsewhere, and scale them. */
export const shapingLayers: readonly KerasLayer[] = [
  rescalingLayer,
  reshapeLayer,
  flattenLayer,
  zeroPaddingLayer,
  croppingLayer,
  upSamplingLayer,
];
