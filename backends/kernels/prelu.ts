import * as tf from "../../src/base/tfjs.ts";
import type { Kernel } from "./kernel.ts";

/**
 * Whether slopes repeat from the innermost axis on: their shape, without the ones that it begins with, is the end of the
 * other.
 *
 * @param shape What they are spread over, or its last axes.
 */
export function isInnermost({ shape: slopes }: tf.Tensor, shape: readonly number[]): boolean {
  const first = slopes.findIndex((size) => size !== 1);
  const bare = first < 0 ? [] : slopes.slice(first);
  return bare.length <= shape.length &&
    bare.every((size, axis) => size === shape[shape.length - bare.length + axis]);
}

/** PReLU: WebAssembly's kernel goes through the slopes again and again, whatever their shape. */
export const preluKernel: Kernel<object> = {
  name: "Prelu",
  backends: ["wasm"],
  replaces: true,
  run({ inputs, attributes, original }) {
    const x = inputs.x!, alpha = inputs.alpha!;
    if (isInnermost(alpha, x.shape)) return original(attributes);
    const positive = tf.relu(x);
    return positive.add(alpha.mul(x.sub(positive)));
  },
};
