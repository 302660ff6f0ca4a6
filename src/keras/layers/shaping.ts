import * as tf from "@tensorflow/tfjs";
import { activationName, applyActivation } from "./activations.ts";
import type { KerasLayer } from "./keras_layer.ts";

/** GlobalAveragePooling2D, whose output keeps height and width, of 1, where it is told so. */
export const globalAveragePoolingLayer: KerasLayer = {
  className: "GlobalAveragePooling2D",
  call: ([x], settings) => x!.mean([1, 2], settings.keepdims === true),
};

/** GlobalMaxPooling2D, as above. */
export const globalMaxPoolingLayer: KerasLayer = {
  className: "GlobalMaxPooling2D",
  call: ([x], settings) => x!.max([1, 2], settings.keepdims === true),
};

/** Resizing, bilinear or to the nearest pixel, as TensorFlow resizes. */
export const resizingLayer: KerasLayer = {
  className: "Resizing",
  call([x], settings) {
    const size: [number, number] = [Number(settings.height), Number(settings.width)];
    return settings.interpolation === "nearest"
      ? tf.image.resizeNearestNeighbor(x as tf.Tensor4D, size, false, true)
      : tf.image.resizeBilinear(x as tf.Tensor4D, size, false, true);
  },
};

/** Rescaling by a number or one for each channel. */
export const rescalingLayer: KerasLayer = {
  className: "Rescaling",
  shape: (input) => input,
  call: ([x], { scale, offset }) =>
    x!.mul(tf.tensor(scale as number)).add(tf.tensor((offset ?? 0) as number)),
};

/** The difference of two inputs. */
export const subtractLayer: KerasLayer = {
  className: "Subtract",
  call: ([a, b]) => tf.sub(a!, b!),
};

/** InceptionResNet's own sum of a shortcut and a scaled branch. */
export const scaledSumLayer: KerasLayer = {
  className: "CustomScaleLayer",
  call: ([shortcut, branch], { scale }) => tf.add(shortcut!, tf.mul(branch!, Number(scale))),
};

/** Conv2D whose channels are convolved in groups. */
export const groupedConvolutionLayer: KerasLayer = {
  className: "Conv2D",
  weights(settings, input) {
    const [height, width] = settings.kernel_size as number[];
    const filters = Number(settings.filters);
    const kernel = {
      name: "kernel",
      shape: [height!, width!, input.at(-1)! / Number(settings.groups), filters],
    };
    return settings.use_bias === false ? [kernel] : [kernel, { name: "bias", shape: [filters] }];
  },
  call([x], settings, [kernel, bias]) {
    const groups = Number(settings.groups);
    const parts = tf.split(x!, groups, -1) as tf.Tensor4D[];
    const kernels = tf.split(kernel!, groups, -1) as tf.Tensor4D[];
    const results = parts.map((part, index) =>
      tf.conv2d(
        part,
        kernels[index]!,
        settings.strides as [number, number],
        settings.padding as "valid" | "same",
        "NHWC",
        settings.dilation_rate as [number, number],
      )
    );
    const joined = tf.concat(results, -1);
    const activation = activationName(String(settings.activation ?? "linear"), false) ?? "linear";
    return applyActivation(activation, bias ? joined.add(bias) : joined);
  },
};
