import * as tf from "../../src/base/tfjs.ts";
import type { Kernel } from "./kernel.ts";

/** The settings of the pool that is differentiated. */
interface PoolAttributes {
  readonly filterSize: number | [number, number];
  readonly strides: number | [number, number];
  readonly pad: "valid" | "same" | number | tf.backend_util.ExplicitPadding;
  readonly dimRoundingMode?: "floor" | "round" | "ceil";
}

/**
 * The gradient of a maximum pool: what comes back for a window goes to its maximum, to the first of several.
 *
 * @param outputGradient `[n, y, x, c]`
 * @param input What was pooled, `[n, h, w, c]`.
 * @returns `[n, h, w, c]`
 */
export function maxPoolGradient(
  outputGradient: tf.Tensor4D,
  input: tf.Tensor4D,
  { filterSize, strides, pad, dimRoundingMode }: PoolAttributes,
): tf.Tensor4D {
  const pool = tf.backend_util.computePool2DInfo(input.shape, filterSize, strides, 1, pad, dimRoundingMode);
  const { batchSize, inHeight, inWidth, outHeight, outWidth, inChannels, padInfo } = pool;
  const values = input.dataSync(), gradient = outputGradient.dataSync();
  const result = new Float32Array(values.length);
  for (let n = 0; n < batchSize; n++) {
    for (let y = 0; y < outHeight; y++) {
      const top = y * pool.strideHeight - padInfo.top;
      const rows = [Math.max(top, 0), Math.min(top + pool.filterHeight, inHeight)] as const;
      for (let x = 0; x < outWidth; x++) {
        const left = x * pool.strideWidth - padInfo.left;
        const columns = [Math.max(left, 0), Math.min(left + pool.filterWidth, inWidth)] as const;
        const from = ((n * outHeight + y) * outWidth + x) * inChannels;
        for (let channel = 0; channel < inChannels; channel++) {
          let best = -1;
          for (let row = rows[0]; row < rows[1]; row++) {
            for (let column = columns[0]; column < columns[1]; column++) {
              const at = ((n * inHeight + row) * inWidth + column) * inChannels + channel;
              if (best < 0 || values[at]! > values[best]!) best = at;
            }
          }
          if (best >= 0) result[best]! += gradient[from + channel]!;
        }
      }
    }
  }
  return tf.tensor4d(result, input.shape);
}

/**
 * TensorFlow.js on WebAssembly takes 0 for the least number there is: what comes back for a window without a
 * positive value, as is usual after a ReLU, goes to the first pixel of the picture.
 */
export const maxPoolGradientKernel: Kernel<PoolAttributes> = {
  name: "MaxPoolGrad",
  backends: ["wasm"],
  replaces: true,
  run({ inputs, attributes }) {
    return maxPoolGradient(inputs.dy as tf.Tensor4D, inputs.input as tf.Tensor4D, attributes);
  },
};

/** How much of a direction windows cover, and the zeros around that. */
interface Covered {
  /** Elements from the first on that windows meet. */
  readonly size: number;
  readonly before: number;
  readonly after: number;
}

function coveredBy(
  windows: number,
  { stride, filter, before, size }: { stride: number; filter: number; before: number; size: number },
): Covered {
  const covered = (windows - 1) * stride + filter - before;
  return { size: Math.min(covered, size), before, after: Math.max(covered - size, 0) };
}

/**
 * TensorFlow.js on WebGPU gives what comes back for a window to the last of several maxima, everywhere else to the first: it is
 * shown everything in a mirror. That counts where all of a window is 0 after a ReLU, and the way back does not stop there.
 */
export const mirroredMaxPoolGradientKernel: Kernel<PoolAttributes> = {
  name: "MaxPoolGrad",
  backends: ["webgpu"],
  replaces: true,
  run({ inputs, attributes, original }) {
    const { filterSize, strides, pad, dimRoundingMode } = attributes;
    const { dy, input, output } = inputs as Record<"dy" | "input" | "output", tf.Tensor4D>;
    const pool = tf.backend_util.computePool2DInfo(input.shape, filterSize, strides, 1, pad, dimRoundingMode);
    const { batchSize, inHeight, inWidth, inChannels, outHeight, outWidth, padInfo } = pool;
    const rows = coveredBy(outHeight, {
      stride: pool.strideHeight,
      filter: pool.filterHeight,
      before: padInfo.top,
      size: inHeight,
    });
    const columns = coveredBy(outWidth, {
      stride: pool.strideWidth,
      filter: pool.filterWidth,
      before: padInfo.left,
      size: inWidth,
    });
    const mirror = (tensor: tf.Tensor4D) => tf.reverse(tensor, [1, 2]);
    const met = input.slice([0, 0, 0, 0], [batchSize, rows.size, columns.size, inChannels]);
    const mirrored = original({
      filterSize,
      strides,
      pad: [[0, 0], [rows.after, rows.before], [columns.after, columns.before], [0, 0]],
    }, { dy: mirror(dy), input: mirror(met), output: mirror(output) });
    const gradient = mirror(tf.engine().makeTensorFromTensorInfo(mirrored) as tf.Tensor4D);
    const left = [inHeight - rows.size, inWidth - columns.size] as const;
    return tf.pad(gradient, [[0, 0], [0, left[0]], [0, left[1]], [0, 0]]);
  },
};
