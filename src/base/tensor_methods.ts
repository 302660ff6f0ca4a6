/**
 * The methods that TensorFlow.js has on tensors. They come with `@tensorflow/tfjs`, whose types say that they are there, and
 * not with its parts.
 *
 * @module
 */
import * as tf from "npm:@tensorflow/tfjs-core@4.22.0";
import type {} from "npm:@tensorflow/tfjs-core@4.22.0/dist/public/chained_ops/register_all_chained_ops.d.ts";

type Tensor = tf.Tensor;

/** Operations that take the tensor first, and then what the method takes. */
const alike = [
  "abs acos acosh add all any argMax argMin asin asinh atan atan2 atanh avgPool batchNorm batchToSpaceND broadcastTo cast",
  "ceil clipByValue conv1d conv2d conv2dTranspose cos cosh cumprod cumsum depthToSpace depthwiseConv2d dilation2d div divNoNan",
  "dot elu equal erf euclideanNorm exp expandDims expm1 fft floor floorDiv gather greater greaterEqual ifft irfft isFinite",
  "isInf isNaN leakyRelu less lessEqual localResponseNormalization log log1p logSigmoid logSoftmax logSumExp logicalAnd",
  "logicalNot logicalOr logicalXor matMul max maxPool maximum mean min minimum mirrorPad mod mul neg norm notEqual oneHot",
  "onesLike pad pool pow prelu prod reciprocal relu relu6 reshape reverse rfft round rsqrt selu separableConv2d sigmoid sign",
  "sin sinh slice softmax softplus spaceToBatchND split sqrt square squaredDifference squeeze step stridedSlice sub sum tan",
  "tanh tile topk transpose unique unsortedSegmentSum unstack zerosLike",
].join(" ").split(" ");

type Operation = (...values: unknown[]) => unknown;

const operations = tf as unknown as Readonly<Record<string, Operation>>;

const several = (x: Tensor | Tensor[]) => x instanceof tf.Tensor ? [x] : x;

/** The others, as functions of the tensor and of what the method takes. */
const others = {
  as1D: (x: Tensor) => tf.reshape(x, [x.size]),
  as2D: (x: Tensor, ...shape: number[]) => tf.reshape(x, shape),
  as3D: (x: Tensor, ...shape: number[]) => tf.reshape(x, shape),
  as4D: (x: Tensor, ...shape: number[]) => tf.reshape(x, shape),
  as5D: (x: Tensor, ...shape: number[]) => tf.reshape(x, shape),
  asScalar(x: Tensor) {
    tf.util.assert(x.size === 1, () => "The array must have only 1 element.");
    return tf.reshape(x, []);
  },
  asType: (x: Tensor, dtype: tf.DataType) => tf.cast(x, dtype),
  concat: (x: Tensor, more: Tensor | Tensor[], axis?: number) => tf.concat([x, ...several(more)], axis),
  flatten: (x: Tensor) => tf.reshape(x, [x.size]),
  reshapeAs: (x: Tensor, { shape }: Tensor) => tf.reshape(x, shape),
  resizeBilinear: tf.image.resizeBilinear,
  resizeNearestNeighbor: tf.image.resizeNearestNeighbor,
  stack: (x: Tensor, more: Tensor | Tensor[], axis?: number) => tf.stack([x, ...several(more)], axis),
  toBool: (x: Tensor) => tf.cast(x, "bool"),
  toFloat: (x: Tensor) => tf.cast(x, "float32"),
  toInt: (x: Tensor) => tf.cast(x, "int32"),
  where: (x: Tensor, condition: Tensor, other: Tensor) => tf.where(condition, x, other),
};

const methods: Readonly<Record<string, Operation>> = {
  ...Object.fromEntries(alike.map((name) => [name, operations[name]!])),
  ...others as unknown as Readonly<Record<string, Operation>>,
};

const prototype = tf.Tensor.prototype as unknown as Record<string, unknown>;
for (const [name, operation] of Object.entries(methods)) {
  prototype[name] ??= function (this: Tensor & { throwIfDisposed(): void }, ...values: unknown[]) {
    this.throwIfDisposed();
    return operation(this, ...values);
  };
}
