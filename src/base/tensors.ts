/**
 * TensorFlow.js's types that stand in the public interface, under names of our own: documentation can say what they
 * are without showing all of TensorFlow.js.
 *
 * @module
 */
import type * as tf from "./tfjs.ts";
import type * as graphs from "./tfjs_graphs.ts";

/** TensorFlow.js itself. */
export type TensorFlow = typeof tf;

/** TensorFlow.js's `tf.Tensor` of any rank. */
export type Tensor = ReturnType<(typeof tf)["tensor"]>;

/** TensorFlow.js's `tf.Tensor1D`. */
export type Tensor1D = ReturnType<(typeof tf)["tensor1d"]>;

/** TensorFlow.js's `tf.Tensor2D`. */
export type Tensor2D = ReturnType<(typeof tf)["tensor2d"]>;

/** TensorFlow.js's `tf.Tensor3D`. */
export type Tensor3D = ReturnType<(typeof tf)["tensor3d"]>;

/** TensorFlow.js's `tf.Tensor4D`. */
export type Tensor4D = ReturnType<(typeof tf)["tensor4d"]>;

/** The type of a tensor's numbers, as TensorFlow.js names it. */
export type DataType = Tensor["dtype"];

/** TensorFlow.js's `tf.LayersModel`, Sequential or functional. */
export type LayersModel = Awaited<ReturnType<(typeof tf)["loadLayersModel"]>>;

/** TensorFlow.js's `tf.GraphModel`. */
export type GraphModel = Awaited<ReturnType<(typeof graphs)["loadGraphModel"]>>;
