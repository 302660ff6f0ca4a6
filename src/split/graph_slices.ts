import * as tf from "../base/tfjs.ts";
import { Computation } from "../operations/computation.ts";
import type { NodeTranslator } from "./graph_translation.ts";

/** As many rows as there are; of all pictures that the graph takes at once, the one. */
export const slice: NodeTranslator = ({ input, output, numbers, batch }) => {
  const [begin, size] = [numbers(1), numbers(2)];
  if (!begin || !size) return undefined;
  return [
    new Computation([input], output, (x) => {
      const isAll = batch > 1 && begin[0] === 0 && size[0] === batch && x.shape[0] === 1;
      return tf.slice(x, begin, isAll ? size.with(0, 1) : size);
    }),
  ];
};

/** A slice without steps: TensorFlow.js has no gradient of one with steps, and writes all with them. */
export const stridedSlice: NodeTranslator = ({ input, output, numbers, attribute }) => {
  const [begin, end, strides] = [numbers(1), numbers(2), numbers(3)];
  const masks = ["ellipsisMask", "newAxisMask", "shrinkAxisMask"].map((name) => attribute<number>(name) ?? 0);
  if (!begin || !end || !strides || strides.some((step) => step !== 1) || masks.some(Boolean)) {
    return undefined;
  }
  const [beginMask, endMask] = [attribute<number>("beginMask") ?? 0, attribute<number>("endMask") ?? 0];
  return [
    new Computation([input], output, (x) => {
      const from = x.shape.map((size, axis) => place(begin[axis], beginMask, axis, size, 0));
      const to = x.shape.map((size, axis) => place(end[axis], endMask, axis, size, size));
      return tf.slice(x, from, to.map((limit, axis) => Math.max(limit - from[axis]!, 0)));
    }),
  ];
};

/** Where a slice begins or ends along an axis. */
function place(
  given: number | undefined,
  mask: number,
  axis: number,
  size: number,
  otherwise: number,
): number {
  if (given === undefined || mask >> axis & 1) return otherwise;
  return Math.min(Math.max(given < 0 ? size + given : given, 0), size);
}

/** A value spread to a shape; of all pictures that the graph takes at once, the one. */
export const broadcast: NodeTranslator = ({ input, output, numbers, batch }) => {
  const target = numbers(1);
  return target && [
    new Computation([input], output, (x) => {
      const isAll = batch > 1 && target[0] === batch && x.rank === target.length && x.shape[0] === 1;
      return tf.broadcastTo(x, isAll ? target.with(0, 1) : target);
    }),
  ];
};
