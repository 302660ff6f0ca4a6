import * as tf from "../../../../base/tfjs.ts";
import { resize } from "../resizing.ts";
import { operation, type Operations } from "./operation.ts";
import { toNumbers } from "./values.ts";

/** Borders of zeros, or fewer rows and columns where a border is negative. */
function frame(
  x: tf.Tensor4D,
  rows: readonly [number, number],
  columns: readonly [number, number],
): tf.Tensor4D {
  const border = (side: readonly [number, number]) =>
    side.map((size) => Math.max(size, 0)) as [number, number];
  const cut = (side: readonly [number, number]) => side.map((size) => Math.max(-size, 0)) as [number, number];
  const [top, bottom] = cut(rows), [left, right] = cut(columns);
  const [batch, height, width, channels] = x.shape;
  const part = x.slice([0, top, left, 0], [batch, height - top - bottom, width - left - right, channels]);
  return tf.pad(part, [[0, 0], border(rows), border(columns), [0, 0]]);
}

/** A border whose second side follows from a size, where that is given instead. */
function sides(
  before: number | undefined,
  after: number | undefined,
  size: number,
  target: number | undefined,
) {
  if (before === undefined) return [target! - size - after!, after!] as const;
  return [before, after ?? target! - size - before] as const;
}

/** Keras 3's pad_images. */
function padImages(
  x: tf.Tensor4D,
  top?: number,
  left?: number,
  height?: number,
  width?: number,
  bottom?: number,
  right?: number,
): tf.Tensor4D {
  return frame(x, sides(top, bottom, x.shape[1], height), sides(left, right, x.shape[2], width));
}

/** Keras 3's crop_images. */
function cropImages(
  x: tf.Tensor4D,
  top?: number,
  left?: number,
  height?: number,
  width?: number,
  bottom?: number,
  right?: number,
): tf.Tensor4D {
  const negative = (size: number | undefined) => size === undefined ? undefined : -size;
  return padImages(x, negative(top), negative(left), height, width, negative(bottom), negative(right));
}

const edges = "top_padding|top_cropping|offset_height, left_padding|left_cropping|offset_width, " +
  "target_height, target_width, bottom_padding|bottom_cropping, right_padding|right_cropping";

/** As much on both sides, one more after than before where it is uneven. */
function centered(size: number, target: number): readonly [number, number] {
  const before = Math.trunc((target - size) / 2); // of a border as of a cut
  return [before, target - size - before];
}

function cropOrPad(x: tf.Tensor4D, height: number, width: number): tf.Tensor4D {
  return frame(x, centered(x.shape[1], height), centered(x.shape[2], width));
}

function centralCrop(x: tf.Tensor4D, fraction: number): tf.Tensor4D {
  const margin = (size: number): readonly [number, number] => {
    const cut = Math.trunc((size - size * fraction) / 2);
    return [-cut, -cut];
  };
  return frame(x, margin(x.shape[1]), margin(x.shape[2]));
}

function grey(x: tf.Tensor): tf.Tensor {
  return x.mul(tf.tensor1d([0.2989, 0.587, 0.114])).sum(-1, true);
}

/** Each picture with mean 0 and deviation 1, which is kept away from 0. */
function standardize(x: tf.Tensor): tf.Tensor {
  const [, ...sizes] = x.shape;
  const count = sizes.reduce((product, size) => product * size, 1);
  const axes = sizes.map((_, index) => index + 1);
  const centred = x.sub(x.mean(axes, true));
  const deviation = tf.sqrt(centred.square().mean(axes, true));
  return centred.div(tf.maximum(deviation, 1 / Math.sqrt(count)));
}

/** Resizing by either version of Keras, or by TensorFlow. */
function resizeImages(
  x: tf.Tensor4D,
  size: unknown,
  interpolation: string | undefined,
  antialias: boolean | undefined,
  crop: boolean | undefined,
  pad: boolean | undefined,
  fill: number | undefined,
): tf.Tensor4D {
  const [height, width] = toNumbers(size) as [number, number];
  return resize(x, [height, width], {
    interpolation,
    antialias,
    crop_to_aspect_ratio: crop,
    pad_to_aspect_ratio: pad,
    fill_value: fill,
  });
}

/** TensorFlow 1's resizing, whose pixels have centres if it is told so. */
function resizeV1(
  compute: typeof tf.image.resizeBilinear,
): (x: tf.Tensor4D, size: unknown, corners?: boolean, centers?: boolean) => tf.Tensor4D {
  return (x, size, corners = false, centers = false) =>
    compute(x, toNumbers(size) as [number, number], corners, centers);
}

/** Operations on pictures. */
export const images: Operations = {
  central_crop: operation("image, central_fraction", centralCrop),
  crop_images: operation(`images, ${edges}`, cropImages),
  crop_to_bounding_box: operation(
    "image, offset_height, offset_width, target_height, target_width",
    cropImages,
  ),
  pad_images: operation(`images, ${edges}`, padImages),
  pad_to_bounding_box: operation(
    "image, offset_height, offset_width, target_height, target_width",
    padImages,
  ),
  per_image_standardization: operation("image", standardize),
  resize: operation(
    "images, size, interpolation|method, antialias, crop_to_aspect_ratio, pad_to_aspect_ratio, fill_value",
    resizeImages,
  ),
  resize_bilinear: operation(
    "images, size, align_corners, half_pixel_centers",
    resizeV1(tf.image.resizeBilinear),
  ),
  resize_nearest_neighbor: operation(
    "images, size, align_corners, half_pixel_centers",
    resizeV1(tf.image.resizeNearestNeighbor as typeof tf.image.resizeBilinear),
  ),
  resize_with_crop_or_pad: operation("image, target_height, target_width", cropOrPad),
  rgb_to_grayscale: operation("images", grey),
};
