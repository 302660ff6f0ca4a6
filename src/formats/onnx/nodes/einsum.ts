import { einsum } from "../../../../backends/kernels/einsum.ts";
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

/** Sums of products, named by letters. */
const sumOfProducts: NodeTranslator = (node) => {
  const values = node.inputs.map((_, at): Value => {
    const value = node.input(at);
    return value.kind === "live" ? node.stored(value, inOrder(value.shape.length)) : value;
  });
  if (values.length > 2) node.fail("multiplies more than two values, which is not known");
  const equation = fullEquation(node, values.map(({ shape }) => shape.length));
  const [inputs = "", result = ""] = equation.split("->");
  const sizes = new Map<string, number>();
  inputs.split(",").forEach((term, at) => {
    if (new Set(term).size !== term.length) node.fail("takes a diagonal, which is not known");
    [...term].forEach((letter, axis) => sizes.set(letter, values[at]!.shape[axis]!));
  });
  const shape = [...result].map((letter) =>
    sizes.get(letter) ?? node.fail("names an axis that is not there")
  );
  return node.compute(values, (...tensors) => einsum(tensors, equation), { shape });
};

/** Einstein summation. */
export const einsumNodes: NodeTranslators = { Einsum: sumOfProducts };
