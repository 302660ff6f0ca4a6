import type * as tf from "../../src/base/tfjs.ts";
import type { Kernel } from "./kernel.ts";

/** More axes than TensorFlow.js pads on WebGPU. */
const mostAxes = 4;

function product(sizes: readonly number[]): number {
  return sizes.reduce((all, size) => all * size, 1);
}

/** Pad one axis after another, those before and after it taken together; where nothing is padded, it is the same tensor. */
export function padAxes(x: tf.Tensor, paddings: readonly [number, number][], value = 0): tf.Tensor {
  return paddings.reduce((padded: tf.Tensor, [before, after], axis) => {
    if (before === 0 && after === 0) return padded;
    const outer = padded.shape.slice(0, axis), inner = padded.shape.slice(axis + 1);
    const size = padded.shape[axis]!;
    return padded.reshape([product(outer), size, product(inner)])
      .pad([[0, 0], [before, after], [0, 0]], value)
      .reshape([...outer, before + size + after, ...inner]);
  }, x);
}

/** Padding; of many axes it is made one after another. */
export const padKernel: Kernel<{ paddings: [number, number][]; constantValue: number }> = {
  name: "PadV2",
  backends: ["webgpu"],
  replaces: true,
  run({ inputs, attributes, original }) {
    if (inputs.x!.rank <= mostAxes) return original(attributes);
    return padAxes(inputs.x!, attributes.paddings, attributes.constantValue);
  },
};
