import { countOf } from "../../base/tensor_info.ts";
import { folders } from "./arrays/mod.ts";
import type { NumberArray } from "./arrays/array.ts";
import { Attributes } from "./attributes.ts";
import type { Numbers } from "./element_type.ts";
import type { GraphNode } from "./graph_node.ts";
import { type Constant, constantOf } from "./value.ts";

/** Constants of more numbers are let go of when they are not needed for a while. */
const mostKept = 4096;

function compute(node: GraphNode, inputs: readonly (Constant | undefined)[]): readonly NumberArray[] {
  const arrays = inputs.map((constant) =>
    constant && { type: constant.type, shape: constant.shape, numbers: constant.read() }
  );
  return folders[node.op]!({
    arrays,
    attributes: new Attributes(node.attributes),
    opset: node.opset,
    outputs: node.outputs.length,
  });
}

/** What a node gives that takes constants alone, and whose operator arrays can compute. */
export function fold(node: GraphNode, inputs: readonly (Constant | undefined)[]): Constant[] {
  return compute(node, inputs).map(({ type, shape, numbers }, at) => {
    if (countOf(shape) <= mostKept) return constantOf(type, shape, numbers);
    let kept: Numbers | undefined = numbers;
    return {
      kind: "constant",
      type,
      shape,
      read: () => kept ??= compute(node, inputs)[at]!.numbers,
      forget: () => kept = undefined,
    };
  });
}
