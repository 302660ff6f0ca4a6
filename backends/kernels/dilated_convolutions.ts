import * as tf from "@tensorflow/tfjs";
import { insertZeros } from "./insert_zeros.ts";
import type { Attributes } from "./kernel.ts";

/** Kernels whose gradient TensorFlow.js refuses when they are dilated, on any backend. */
const kernelNames = ["Conv2D", "DepthwiseConv2dNative"];

/** Put zeros between the places of a filter, so that it does without dilation what it did with. */
function dilate(filter: tf.Tensor4D, [stepHeight, stepWidth]: readonly [number, number]): tf.Tensor4D {
  const [height, width, channels, filters] = filter.shape;
  return insertZeros(filter, [height, width, channels * filters], [stepHeight, stepWidth])
    .reshape<tf.Tensor4D>([height * stepHeight, width * stepWidth, channels, filters])
    .slice([0, 0, 0, 0], [(height - 1) * stepHeight + 1, (width - 1) * stepWidth + 1, channels, filters]);
}

/** The other way round: take the places of the filter out of the dilated one. */
function contract(dilated: tf.Tensor4D, [stepHeight, stepWidth]: readonly [number, number]): tf.Tensor4D {
  return dilated.stridedSlice([0, 0, 0, 0], dilated.shape, [stepHeight, stepWidth, 1, 1]) as tf.Tensor4D;
}

/** Gradients that this file has put in place. */
const mended = new Set<unknown>();

/**
 * Mend the gradients of convolutions so that they hold for dilated ones too: those of the same convolution without
 * dilation, its filter filled up with zeros. Others are left as they are.
 */
export function mendDilatedConvolutions(): void {
  for (const kernelName of kernelNames) {
    const config = tf.getGradient(kernelName);
    if (!config || mended.has(config.gradFunc)) continue;
    const { gradFunc: plain } = config;
    const gradFunc: tf.GradFunc = (dy, saved, attrs) => {
      const { dilations = 1 } = attrs as unknown as Attributes;
      const steps = typeof dilations === "number" ? [dilations, dilations] as const : dilations;
      if (steps[0] === 1 && steps[1] === 1) return plain(dy, saved, attrs);
      const [x, filter] = saved as [tf.Tensor4D, tf.Tensor4D];
      const gradients = () => plain(dy, [x, dilate(filter, steps)], { ...attrs, dilations: [1, 1] });
      return {
        x: () => gradients().x!(),
        filter: () => contract(gradients().filter!() as tf.Tensor4D, steps),
      };
    };
    mended.add(gradFunc);
    tf.unregisterGradient(kernelName);
    tf.registerGradient({ ...config, gradFunc });
  }
}
