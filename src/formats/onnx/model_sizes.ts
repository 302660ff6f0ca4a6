import { Damage } from "./damaged.ts";
import type { PictureSize } from "./inputs.ts";
import { SizedModel } from "./sized_model.ts";
import { type OnnxGraph, translateModel } from "./translate_model.ts";
import { SizedWeights, type Weights } from "./weights.ts";

/** How many sizes are kept beside the usual one. */
const mostKept = 4;

/** How a model is translated for pictures of other sizes. */
export interface SizingParts {
  readonly graph: OnnxGraph;
  /** The weights that it has. */
  readonly weights: Weights;
}

function textOf(sizes: ReadonlyMap<string, PictureSize>): string {
  return [...sizes.values()].map((size) => size.join(" × ")).join(", ");
}

/** A model that takes pictures of any size: it is translated for each that is asked for, of which the last few are kept. */
export class ModelSizes {
  readonly #usual: SizedModel;
  readonly #parts: SizingParts;
  readonly #known = new Map<string, SizedModel>();

  /** @param usual The model for the size that it was opened for. */
  constructor(usual: SizedModel, parts: SizingParts) {
    this.#usual = usual;
    this.#parts = parts;
  }

  /**
   * The model for pictures of some shapes.
   *
   * @param values What goes into it, by the names of inputs.
   * @throws {RangeError} If it cannot take them.
   */
  for(values: ReadonlyMap<string, { readonly shape: readonly number[] }>): SizedModel {
    const usual = this.#usual.parts.sizes;
    const sizes = new Map([...usual.keys()].map((name): [string, PictureSize] => {
      const [, height, width] = values.get(name)!.shape;
      return [name, [height!, width!]];
    }));
    const key = textOf(sizes);
    if (key === textOf(usual)) return this.#usual;
    const sized = this.#known.get(key) ?? this.#translate(sizes);
    this.#known.delete(key);
    this.#known.set(key, sized); // the last one now
    if (this.#known.size > mostKept) this.#known.delete(this.#known.keys().next().value!);
    return sized;
  }

  #translate(sizes: ReadonlyMap<string, PictureSize>): SizedModel {
    const { graph, weights } = this.#parts;
    try {
      const sizeOf = (name: string) => sizes.get(name);
      const parts = translateModel(graph, { weights: new SizedWeights(weights), sizeOf });
      return new SizedModel(parts, this.#usual);
    } catch (error) {
      if (!(error instanceof Damage)) throw error;
      throw new RangeError(`Cannot use size ${textOf(sizes)} with this model: ${error.message}`);
    }
  }
}
