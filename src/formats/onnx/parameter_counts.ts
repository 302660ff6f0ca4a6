import { countOf } from "../../base/tensor_info.ts";
import { isFloat } from "./element_type.ts";
import { type GraphNode, takenBy } from "./graph_node.ts";
import type { LiveNode } from "./live_node.ts";
import type { Value } from "./value.ts";

/** Operators whose constants of floating point are no weights, but say how they work. */
const setByFloats = /^(Clip|Dropout|Pad|Resize|Upsample|QuantizeLinear|DequantizeLinear)$/;

/** Operators whose vectors are scales and zero points, but for those that are added. */
const ofQuantised = /^QLinear|Integer$/;

/** How many numbers the weights of nodes and of modules hold: those that several take count once. */
export class ParameterCounts {
  readonly #valueOf: (name: string) => Value | undefined;
  /** The names of the weights in each module. */
  readonly #ofModules = new Map<string, Set<string>>();

  /**
   * @param nodes The nodes that depend on the model's inputs.
   * @param valueOf Values by name, constants among them.
   */
  constructor(nodes: readonly LiveNode[], valueOf: (name: string) => Value | undefined) {
    this.#valueOf = valueOf;
    for (const { node, modules } of nodes) {
      for (const { path } of modules) {
        const names = this.#ofModules.get(path) ?? new Set();
        for (const name of this.#weightsOf(node)) names.add(name);
        this.#ofModules.set(path, names);
      }
    }
  }

  ofNode(node: GraphNode): number {
    return this.#sum(this.#weightsOf(node));
  }

  /** Of a module and all within it, by its path. */
  ofModule(path: string): number {
    return this.#sum(this.#ofModules.get(path) ?? []);
  }

  /** The names of a node's weights: constants with axes, which are no sizes, places or steps. */
  #weightsOf(node: GraphNode): string[] {
    if (setByFloats.test(node.op)) return [];
    const least = ofQuantised.test(node.op) ? 2 : 1;
    return takenBy(node).filter((name) =>
      this.#countOf(name) > 0 && this.#valueOf(name)!.shape.length >= least
    );
  }

  #countOf(name: string): number {
    const value = this.#valueOf(name);
    const isWeight = value?.kind === "constant" && value.shape.length > 0 && isStored(value.type);
    return isWeight ? countOf(value.shape) : 0;
  }

  #sum(names: Iterable<string>): number {
    return [...new Set(names)].reduce((sum, name) => sum + this.#countOf(name), 0);
  }
}

/** Whether weights are stored as such numbers, quantised ones among them. */
function isStored(type: Value["type"]): boolean {
  return isFloat(type) || type === "int8" || type === "uint8";
}
