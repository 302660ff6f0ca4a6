import * as tf from "../../../base/tfjs.ts";
import { quote } from "../../../base/quote.ts";
import type { KerasLayer, Settings } from "./keras_layer.ts";
import { isInterpolation, resample } from "./resampling.ts";

/** Height and width. */
type Size = readonly [number, number];

/** The part in the middle with the proportions of a target, as large as the picture allows. */
function cropToProportion(x: tf.Tensor4D, [height, width]: Size): tf.Tensor4D {
  const [batch, fullHeight, fullWidth, channels] = x.shape;
  const cropHeight = Math.max(Math.min(fullHeight, Math.trunc(fullWidth * height / width)), 1);
  const cropWidth = Math.max(Math.min(fullWidth, Math.trunc(fullHeight * width / height)), 1);
  const top = Math.trunc((fullHeight - cropHeight) / 2), left = Math.trunc((fullWidth - cropWidth) / 2);
  return x.slice([0, top, left, 0], [batch, cropHeight, cropWidth, channels]);
}

/** The picture in the middle of a border that gives it the proportions of a target. */
function padToProportion(x: tf.Tensor4D, [height, width]: Size, value: number): tf.Tensor4D {
  const [, fullHeight, fullWidth] = x.shape;
  const top = Math.trunc((Math.max(fullHeight, Math.trunc(fullWidth * height / width)) - fullHeight) / 2);
  const left = Math.trunc((Math.max(fullWidth, Math.trunc(fullHeight * width / height)) - fullWidth) / 2);
  return tf.pad(x, [[0, 0], [top, top], [left, left], [0, 0]], value);
}

/** Resize as Keras's settings say, a layer's or an operation's. */
export function resize(x: tf.Tensor4D, size: Size, settings: Settings): tf.Tensor4D {
  const interpolation = String(settings.interpolation ?? "bilinear").toLowerCase();
  if (!isInterpolation(interpolation)) {
    throw new Error(`The interpolation ${quote(interpolation)} is not known`);
  }
  let picture = x;
  if (settings.crop_to_aspect_ratio) picture = cropToProportion(x, size);
  if (settings.pad_to_aspect_ratio) picture = padToProportion(x, size, Number(settings.fill_value ?? 0));
  return resample(picture, size, { interpolation, antialias: settings.antialias === true });
}

/** Resizing with all its settings. */
export const resizingLayer: KerasLayer = {
  className: "Resizing",
  call: ([x], settings) =>
    resize(x as tf.Tensor4D, [Number(settings.height), Number(settings.width)], settings),
};

/** The part in the middle; a picture too small for it is enlarged. */
export const centerCropLayer: KerasLayer = {
  className: "CenterCrop",
  call([x], settings) {
    const size: Size = [Number(settings.height), Number(settings.width)];
    const [batch, height, width, channels] = (x as tf.Tensor4D).shape;
    const top = height - size[0], left = width - size[1];
    if (top < 0 || left < 0) return resize(x as tf.Tensor4D, size, { crop_to_aspect_ratio: true });
    const from = [0, Math.trunc(top / 2), Math.trunc(left / 2), 0];
    return x!.slice(from, [batch, ...size, channels]);
  },
};

/** RandomCrop of versions that resize in inference; in later ones it does nothing there. */
export const randomCropLayer: KerasLayer = {
  className: "RandomCrop",
  call: ([x], settings) =>
    resize(x as tf.Tensor4D, [Number(settings.height), Number(settings.width)], {
      crop_to_aspect_ratio: true,
    }),
};

/** UpSampling2D with a filter that TensorFlow.js does not know. */
export const upSamplingLayer: KerasLayer = {
  className: "UpSampling2D",
  call([x], settings) {
    const [, height, width] = (x as tf.Tensor4D).shape;
    const [down = 2, right = down] = [settings.size ?? 2].flat() as number[];
    return resize(x as tf.Tensor4D, [height * down, width * right], {
      interpolation: settings.interpolation,
    });
  },
};
