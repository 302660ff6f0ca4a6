/**
 * TensorFlow.js's types that stand in the public interface, under names of our own: documentation can show what they
 * are without showing all of TensorFlow.js.
 *
 * @module
 */
/** TensorFlow.js's `tf.Tensor` of any rank. */
export type Tensor = import("@tensorflow/tfjs").Tensor;

/** TensorFlow.js's `tf.Tensor2D`. */
export type Tensor2D = import("@tensorflow/tfjs").Tensor2D;

/** TensorFlow.js's `tf.Tensor3D`. */
export type Tensor3D = import("@tensorflow/tfjs").Tensor3D;

/** TensorFlow.js's `tf.Tensor4D`. */
export type Tensor4D = import("@tensorflow/tfjs").Tensor4D;

/** TensorFlow.js's `tf.LayersModel`, Sequential or functional. */
export type LayersModel = import("@tensorflow/tfjs").LayersModel;

/** TensorFlow.js's `tf.GraphModel`. */
export type GraphModel = import("@tensorflow/tfjs").GraphModel;
