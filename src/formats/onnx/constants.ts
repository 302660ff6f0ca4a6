import { quote } from "../../base/quote.ts";
import { countOf } from "../../base/tensor_info.ts";
import { Damage, damaged } from "./damaged.ts";
import type { Numbers } from "./element_type.ts";
import type { ExternalData } from "./external_data.ts";
import { fold } from "./fold.ts";
import type { GraphNode } from "./graph_node.ts";
import type { TensorProto } from "./model_proto.ts";
import { openTensor } from "./tensor_data.ts";
import type { Constant } from "./value.ts";

/** Constants of no more numbers are kept once they were read. */
const mostKept = 4096;

/** What a node gave of some constants. */
interface Folded {
  readonly inputs: readonly (Constant | undefined)[];
  readonly values: readonly Constant[];
}

/**
 * The constants of a model: those of its file, and what nodes make of them. Each is one object however often the model is
 * translated, so that its tensor is made once.
 */
export class Constants {
  readonly #external: ExternalData;
  readonly #tensors = new WeakMap<TensorProto, Constant>();
  readonly #folded = new WeakMap<GraphNode, Folded>();

  constructor(external: ExternalData) {
    this.#external = external;
  }

  /** A tensor of the file. */
  of(tensor: TensorProto): Constant {
    const constant = this.#tensors.get(tensor) ?? this.#open(tensor);
    this.#tensors.set(tensor, constant);
    return constant;
  }

  /** What a node gives that takes constants alone, and that arrays can compute. */
  fold(node: GraphNode, inputs: readonly (Constant | undefined)[]): readonly Constant[] {
    const known = this.#folded.get(node);
    if (known && known.inputs.every((input, at) => input === inputs[at])) return known.values;
    const values = fold(node, inputs);
    this.#folded.set(node, { inputs, values });
    return values;
  }

  #open(tensor: TensorProto): Constant {
    const name = quote(tensor.name);
    try {
      const { kind: { type }, shape, read, readPart } = openTensor(tensor, this.#external.placeOf(tensor));
      let kept: Numbers | undefined;
      return {
        kind: "constant",
        type,
        shape,
        read() {
          if (kept) return kept;
          const numbers = read();
          if (countOf(shape) <= mostKept) kept = numbers;
          return numbers;
        },
        readPart,
      };
    } catch (error) {
      if (error instanceof Damage) damaged(`its weight ${name} cannot be read: ${error.message}`);
      throw error;
    }
  }
}
