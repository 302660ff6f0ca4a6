import { einsum } from "../../../../backends/kernels/einsum.ts";
import * as tf from "../../../base/tfjs.ts";
import { inOrder } from "../layout.ts";
import type { NodeContext, NodeTranslator, NodeTranslators } from "../translator.ts";
import type { Value } from "../value.ts";

/** Letters that stand for what an ellipsis does. */
const spares = "ABCDEFGHIJKLMNOP";

/** An equation with its result, and letters in the place of an ellipsis. */
function fullEquation(node: NodeContext, ranks: readonly number[]): string {
  const [inputs = "", given] = node.attributes.text("equation", "").replaceAll(" ", "").split("->");
  const terms = inputs.split(",");
  if (terms.length !== ranks.length) node.fail("has an equation of another number of values");
  const widths = terms.map((term, at) => term.includes("...") ? ranks[at]! - (term.length - 3) : 0);
  const widest = Math.max(0, ...widths);
  const own = terms.map((term, at) => term.replace("...", spares.slice(widest - widths[at]!, widest)));
  const letters = [...own.join("")];
  const single = [...new Set(letters)].filter((letter) => !spares.includes(letter))
    .filter((letter) => letters.indexOf(letter) === letters.lastIndexOf(letter)).sort();
  const result = given === undefined
    ? spares.slice(0, widest) + single.join("")
    : given.replace("...", spares.slice(0, widest));
  return `${own.join(",")}->${result}`;
}

/** What stands where axes of one letter have the same index. */
function diagonal(tensor: tf.Tensor, term: string): tf.Tensor {
  const at = [...term].findIndex((letter, axis) => term.indexOf(letter, axis + 1) > 0);
  if (at < 0) return tensor;
  const other = term.indexOf(term[at]!, at + 1), size = tensor.shape[at]!;
  const shape = tensor.shape.map((_, axis) => axis === at || axis === other ? size : 1);
  const along = (axis: number) =>
    tf.range(0, size).reshape(shape.map((length, one) => one === axis ? length : 1));
  const kept = tensor.mul(tf.equal(along(at), along(other)).cast(tensor.dtype));
  return diagonal(kept.sum(other), term.slice(0, other) + term.slice(other + 1));
}

/** Sums of products, named by letters. */
const sumOfProducts: NodeTranslator = (node) => {
  const values = node.inputs.map((_, at): Value => {
    const value = node.input(at);
    return value.kind === "live" ? node.stored(value, inOrder(value.shape.length)) : value;
  });
  if (values.length > 2) node.fail("multiplies more than two values, which is not known");
  const equation = fullEquation(node, values.map(({ shape }) => shape.length));
  const [inputs = "", result = ""] = equation.split("->");
  const sizes = new Map<string, number>(), terms = inputs.split(",");
  terms.forEach((term, at) => {
    if (term.length !== values[at]!.shape.length) node.fail("has an equation that does not fit");
    [...term].forEach((letter, axis) => sizes.set(letter, values[at]!.shape[axis]!));
  });
  const shape = [...result].map((letter) =>
    sizes.get(letter) ?? node.fail("names an axis that is not there")
  );
  const single = `${terms.map((term) => [...new Set(term)].join("")).join(",")}->${result}`;
  const run = (tensors: readonly tf.Tensor[]) =>
    einsum(tensors.map((tensor, at) => diagonal(tensor, terms[at]!)), single);
  return node.compute(values, (...tensors) => run(tensors), { shape });
};

/** Einstein summation. */
export const einsumNodes: NodeTranslators = { Einsum: sumOfProducts };
