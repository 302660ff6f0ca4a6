import { quote } from "../../../base/quote.ts";
import {
  extremes,
  type KnownFunction,
  operation,
  operations,
  operators,
  same,
  unary,
} from "./known_function.ts";
import { UnknownFunctionError } from "./values.ts";

/** TensorFlow's `resize`, which until TensorFlow 2 took the corners of pixels for their centres. */
const resize: KnownFunction = {
  parameters: ["images", "size", "method", "!preserve_aspect_ratio", "antialias"],
  call(bound, context) {
    if (context.version < 2.03) {
      throw new UnknownFunctionError("resizes as one of two versions of TensorFlow did");
    }
    return operation("images, size, method, antialias", "resize").call(bound, context);
  },
};

/** TensorFlow 1's. */
export const resizeImages: KnownFunction = {
  parameters: ["images", "size", "method", "align_corners", "!preserve_aspect_ratio"],
  call({ method = "bilinear", ...bound }, context) {
    const name = [0, "bilinear"].includes(method as string)
      ? "resize_bilinear"
      : [1, "nearest_neighbor", "nearest"].includes(method as string)
      ? "resize_nearest_neighbor"
      : undefined;
    if (name === undefined) throw new UnknownFunctionError(`resizes by the method ${quote(String(method))}`);
    return operation("images, size, align_corners", name).call(bound, context);
  },
};

/** TensorFlow's functions that are an operation, by their last names: of `tf`, `tf.math`, `tf.image` and the like. */
export const tensorflow: Readonly<Record<string, KnownFunction>> = {
  ...operations("x", ...unary),
  ...operators,
  ...extremes,
  ...operations(
    "input_tensor, axis, keepdims",
    "reduce_logsumexp",
    "reduce_max",
    "reduce_mean",
    "reduce_min",
  ),
  ...operations("input_tensor, axis, keepdims", "reduce_prod", "reduce_std", "reduce_sum", "reduce_variance"),
  ...operations("logits, axis", "log_softmax", "softmax"),
  ...operations("image", "flip_left_right", "flip_up_down", "per_image_standardization"),
  ...operations("input, block_size", "depth_to_space", "space_to_depth"),
  ...operations("input, ksize, strides, padding", "avg_pool2d", "max_pool2d"),
  ...operations(
    "image, offset_height, offset_width, target_height, target_width",
    "crop_to_bounding_box",
    "pad_to_bounding_box",
  ),
  ...operations(
    "images, size, align_corners, half_pixel_centers",
    "resize_bilinear",
    "resize_nearest_neighbor",
  ),
  cast: operation("x, dtype", "cast"),
  central_crop: operation("image, central_fraction", "central_crop"),
  clip_by_value: operation("t, clip_value_min, clip_value_max", "clip_by_value"),
  concat: operation("values, axis", "concat"),
  constant: same,
  convert_image_dtype: {
    parameters: ["image", "dtype", "!saturate"],
    call({ image, dtype }) { // of numbers with fractions to such
      if (/^(b?float|half|double)/.test(String(dtype))) return image!;
      throw new UnknownFunctionError(`scales a picture to numbers of the type ${quote(String(dtype))}`);
    },
  },
  convert_to_tensor: same,
  expand_dims: operation("input, axis", "expand_dims"),
  gather: operation("params, indices, validate_indices, axis", "gather"),
  grayscale_to_rgb: operation("images", "repeat", { repeats: 3, axis: -1 }),
  identity: { parameters: ["input"], call: ({ input }) => input! },
  l2_normalize: operation("x, axis, !epsilon", "l2_normalize"),
  leaky_relu: operation("features, alpha", "leaky_relu"),
  local_response_normalization: operation(
    "input, depth_radius, bias, alpha, beta",
    "local_response_normalization",
  ),
  norm: operation("tensor, ord, axis, keepdims", "norm"),
  pad: operation("tensor, paddings, mode, constant_values", "pad"),
  reshape: operation("tensor, shape", "reshape"),
  resize,
  resize_image_with_crop_or_pad: operation("image, target_height, target_width", "resize_with_crop_or_pad"),
  resize_images: resizeImages,
  resize_with_crop_or_pad: operation("image, target_height, target_width", "resize_with_crop_or_pad"),
  reverse: operation("tensor, axis", "reverse"),
  rgb_to_grayscale: operation("images", "rgb_to_grayscale"),
  squeeze: operation("input, axis", "squeeze"),
  stack: operation("values, axis", "stack"),
  tile: operation("input, multiples", "tile"),
  to_float: operation("x", "cast", { dtype: "float32" }),
  transpose: operation("a, perm", "transpose"),
};
