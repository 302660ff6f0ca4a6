import * as tf from "../../src/base/tfjs.ts";
import { quote } from "../../src/base/quote.ts";
import type { Kernel } from "./kernel.ts";

/** A tensor whose axes are named by letters. */
interface Term {
  readonly tensor: tf.Tensor;
  readonly axes: readonly string[];
}

/**
 * Einstein summation over one or two tensors, by one product of matrices.
 *
 * @param tensors One or two tensors.
 * @param equation The axes by letters, as in `"bij,bjk->bik"`, with no letter twice in one term.
 * @returns The tensor with the axes after the arrow.
 * @throws {RangeError} If the equation does not name the axes of one or two tensors and of the result.
 */
export function einsum(tensors: readonly tf.Tensor[], equation: string): tf.Tensor {
  const [left, right, output] = parse(tensors, equation);
  const named = (axis: string) => output.includes(axis);
  if (!right) return arrange(sumOut(left, named), output);
  const a = sumOut(left, (axis) => named(axis) || right.axes.includes(axis));
  const b = sumOut(right, (axis) => named(axis) || left.axes.includes(axis));
  const shared = a.axes.filter((axis) => b.axes.includes(axis));
  const batch = shared.filter(named), summed = shared.filter((axis) => !named(axis));
  const rows = a.axes.filter((axis) => !shared.includes(axis));
  const columns = b.axes.filter((axis) => !shared.includes(axis));
  const size = (axes: readonly string[]) => tf.util.sizeFromShape(shapeOf(axes, [a, b]));
  const product = tf.matMul(
    arrange(a, [...batch, ...rows, ...summed]).reshape([size(batch), size(rows), size(summed)]),
    arrange(b, [...batch, ...summed, ...columns]).reshape([size(batch), size(summed), size(columns)]),
  ); // [batch, rows, columns]
  const axes = [...batch, ...rows, ...columns];
  return arrange({ tensor: product.reshape(shapeOf(axes, [a, b])), axes }, output);
}

function parse(tensors: readonly tf.Tensor[], equation: string): [Term, Term | undefined, string[]] {
  const [inputs = "", output, ...more] = equation.replaceAll(" ", "").split("->");
  const terms = inputs.split(",").map((axes, i) => ({ tensor: tensors[i]!, axes: [...axes] }));
  const fits = terms.length === tensors.length && terms.length <= 2 &&
    terms.every(({ tensor, axes }) => tensor.rank === axes.length && new Set(axes).size === axes.length);
  if (output === undefined || more.length > 0 || !fits) {
    const ranks = tensors.map(({ rank }) => rank).join(", ");
    throw new RangeError(
      `Cannot compute einsum ${
        quote(equation)
      } of tensors of rank ${ranks}: name each axis once, as in "bij,bjk->bik"`,
    );
  }
  return [terms[0]!, terms[1], [...output]];
}

/** Sum over the axes that are not to be kept. */
function sumOut({ tensor, axes }: Term, keep: (axis: string) => boolean): Term {
  const gone = axes.flatMap((axis, i) => keep(axis) ? [] : [i]);
  return gone.length === 0 ? { tensor, axes } : { tensor: tensor.sum(gone), axes: axes.filter(keep) };
}

function arrange({ tensor, axes }: Term, order: readonly string[]): tf.Tensor {
  return tensor.transpose(order.map((axis) => axes.indexOf(axis)));
}

function shapeOf(axes: readonly string[], terms: readonly Term[]): number[] {
  return axes.map((axis) => {
    const term = terms.find(({ axes }) => axes.includes(axis))!;
    return term.tensor.shape[term.axes.indexOf(axis)]!;
  });
}

/** Missing from TensorFlow.js on WebAssembly. */
export const einsumKernel: Kernel<{ equation: string }> = {
  name: "Einsum",
  backends: ["wasm"],
  run({ inputs, attributes }) {
    return einsum(Object.values(inputs), attributes.equation);
  },
};
