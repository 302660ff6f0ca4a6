import type * as tf from "../../base/tfjs.ts";
import type { TensorInfo } from "../../base/tensor_info.ts";
import type { OperationGraph } from "../split_operations.ts";

/** A model as it is looked at. */
export interface SeenModel {
  /** What it computes, with its weights as they were loaded. */
  readonly graph: OperationGraph;
  /** Its inputs, in the order of the graph's. */
  readonly inputs: readonly TensorInfo[];
  /** Its outputs. */
  readonly outputs: readonly TensorInfo[];
  /** The paths of its layers, or the names of its nodes. */
  readonly paths: readonly string[];
  /** What the file calls a weight, where that tells what became of it. */
  nameOf?(weight: tf.Tensor): string | undefined;
}
