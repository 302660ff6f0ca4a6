import type * as tf from "../../../base/tfjs.ts";
import { einsum } from "../../../../backends/kernels/einsum.ts";
import type { Shape } from "../../../split/model.ts";
import { finish } from "./convolution.ts";
import type { KerasLayer, LayerWeight, Settings } from "./keras_layer.ts";

/** Letters that stand for the axes of an ellipsis; equations use small ones. */
const spare = "ABCDEFGH";

/** An equation with letters in the place of `...`. */
export function withoutEllipsis(equation: string, ranks: readonly number[]): string {
  const plain = equation.replaceAll(" ", "");
  if (!plain.includes("...")) return plain;
  const [inputs = "", output = ""] = plain.split("->");
  const widths = inputs.split(",").map((term, index) =>
    term.includes("...") ? ranks[index]! - (term.length - 3) : 0
  );
  const widest = spare.slice(0, Math.max(...widths));
  const terms = inputs.split(",").map((term, index) =>
    term.replace("...", widest.slice(widest.length - widths[index]!))
  );
  return `${terms.join(",")}->${output.replace("...", widest)}`;
}

/** The letters of an equation's terms, and how long each axis is. */
function readAxes(settings: Settings, input: Shape) {
  const equation = withoutEllipsis(String(settings.equation), [input.length, 0]);
  const [inputs = "", output = ""] = equation.split("->");
  const [given = "", kernel = ""] = inputs.split(",");
  const sizes = new Map<string, number | null>();
  const shape = [settings.output_shape].flat() as (number | null)[];
  [...output].reverse().forEach((letter, index) => sizes.set(letter, shape.at(-1 - index) ?? null));
  [...given].forEach((letter, axis) => sizes.set(letter, input[axis] ?? sizes.get(letter) ?? null));
  return { equation, kernel, output, sizes };
}

/** The bias has the axes from the first one named on; those not named have size 1. */
function biasShape(axes: string, output: string, sizes: ReadonlyMap<string, number | null>): number[] {
  const first = Math.min(...[...axes].map((letter) => output.indexOf(letter)));
  return [...output.slice(first)].map((letter) => axes.includes(letter) ? sizes.get(letter)! : 1);
}

/** EinsumDense: the sum of products that an equation says. */
export const einsumDenseLayer: KerasLayer = {
  className: "EinsumDense",
  weights(settings, input) {
    const { kernel, output, sizes } = readAxes(settings, input);
    const weights: LayerWeight[] = [{
      name: "kernel",
      shape: [...kernel].map((letter) => sizes.get(letter)!),
    }];
    const axes = settings.bias_axes as string | null | undefined;
    return axes ? [...weights, { name: "bias", shape: biasShape(axes, output, sizes) }] : weights;
  },
  call([x], settings, [kernel, bias]) {
    const { equation } = readAxes(settings, x!.shape);
    return finish(einsum([x!, kernel!] as tf.Tensor[], equation), settings, bias);
  },
};
