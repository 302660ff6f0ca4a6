/**
 * What tests of backends need. It is not published.
 *
 * @module
 */
import * as tf from "@tensorflow/tfjs";
import type { BackendName } from "./mod.ts";

/**
 * Run something while a kernel gives twice what it should.
 *
 * @param kernelName The kernel, as TensorFlow.js names it.
 * @param backendName Where it is replaced; that backend must have been started before.
 */
export async function withWrongKernel(
  kernelName: string,
  backendName: BackendName,
  run: () => Promise<void>,
): Promise<void> {
  const right = tf.getKernel(kernelName, backendName);
  const kernelFunc: tf.KernelConfig["kernelFunc"] = (call) => {
    const result = tf.engine().makeTensorFromTensorInfo(right.kernelFunc(call) as tf.TensorInfo);
    const twice = tf.add(result, result);
    result.dispose();
    return twice;
  };
  tf.unregisterKernel(kernelName, backendName);
  tf.registerKernel({ ...right, kernelFunc });
  try {
    await run();
  } finally {
    tf.unregisterKernel(kernelName, backendName);
    tf.registerKernel(right);
  }
}
