import * as tf from "../src/base/tfjs.ts";

/** How one computation came out. */
export interface SelfTestResult {
  /** What was computed. */
  readonly name: string;
  /** The largest difference from the CPU, as a part of the largest value; infinite where a value is no number. */
  readonly difference: number;
  /** Whether that is small enough. */
  readonly ok: boolean;
}

/** The largest difference that rounding explains. */
const tolerance = 1e-4;

/** Numbers from −1 to 1 that look random and are always the same. */
function numbers(shape: number[], seed: number): tf.Tensor {
  const size = shape.reduce((product, length) => product * length, 1);
  return tf.tensor(
    Float32Array.from({ length: size }, (_, index) => Math.sin(seed + index * 12.9898)),
    shape,
  );
}

/** A small network from activation to scores, and the gradient of the first score: all that a map needs. */
function networkGradient(): tf.Tensor {
  const kernel = numbers([3, 3, 6, 8], 1) as tf.Tensor4D;
  const depthwise = numbers([3, 3, 8, 1], 2) as tf.Tensor4D;
  const dense = numbers([8, 5], 3) as tf.Tensor2D;
  return tf.grad((activation) => {
    const convolved = tf.relu6(tf.conv2d(activation as tf.Tensor4D, kernel, 1, "same"));
    const filtered = tf.depthwiseConv2d(convolved, depthwise, 2, "same").mul(0.3).add(0.1);
    const pooled = tf.maxPool(tf.relu(filtered) as tf.Tensor4D, 2, 1, "same"); // [1, 5, 4, 8]
    const means = tf.avgPool(pooled, 3, 2, "valid").mean([1, 2]); // [1, 8]
    const scores = tf.softmax(tf.matMul(means as tf.Tensor2D, dense)); // [1, 5]
    return scores.slice([0, 0], [1, 1]).sum();
  })(numbers([1, 9, 7, 6], 4));
}

/** What is computed. */
const computations: Readonly<Record<string, () => tf.Tensor>> = {
  "convolution": () =>
    tf.conv2d(numbers([1, 8, 6, 3], 5) as tf.Tensor4D, numbers([3, 3, 3, 4], 6) as tf.Tensor4D, 2, "same"),
  "matrix product": () => tf.matMul(numbers([7, 9], 7) as tf.Tensor2D, numbers([9, 5], 8) as tf.Tensor2D),
  "gradient of a small network": networkGradient,
  "gradient of a pool without positive values": () =>
    tf.grad((x) => tf.maxPool(x as tf.Tensor4D, 2, 2, "valid"))(numbers([1, 6, 4, 3], 9).sub(2)),
};

async function compute(): Promise<Map<string, Float32Array>> {
  const values = new Map<string, Float32Array>();
  for (const [name, run] of Object.entries(computations)) {
    const result = tf.tidy(run);
    values.set(name, await result.data() as Float32Array);
    result.dispose();
  }
  return values;
}

/** The largest difference, as a part of the largest value. */
function compare(values: Float32Array, reference: Float32Array): number {
  let [difference, magnitude] = [0, 0];
  for (const [index, expected] of reference.entries()) {
    const distance = Math.abs(values[index]! - expected);
    if (!Number.isFinite(distance)) return Infinity;
    difference = Math.max(difference, distance);
    magnitude = Math.max(magnitude, Math.abs(expected));
  }
  return difference / magnitude;
}

/**
 * Compute a few small things on the current backend and on the CPU.
 *
 * @returns How far they agree. The current backend stays the current one.
 */
export async function runSelfTest(): Promise<SelfTestResult[]> {
  const current = tf.getBackend();
  const values = await compute();
  try {
    await tf.setBackend("cpu");
    const references = await compute();
    return [...references].map(([name, reference]) => {
      const difference = compare(values.get(name)!, reference);
      return { name, difference, ok: difference <= tolerance };
    });
  } finally {
    await tf.setBackend(current);
  }
}
