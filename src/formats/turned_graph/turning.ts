import type { Constants } from "./constants.ts";
import { giverOf, type NodeJson } from "./graph_json.ts";
import { toFirst, toLast, turned } from "./operations.ts";

/** How a value lies in the graph that is made. */
export interface Order {
  /** How many axes it has, as far as that is known. */
  readonly rank: number | undefined;
  /** Whether it is `[N, H, W, C]` where the file has `[N, C, H, W]`. */
  readonly isTurned: boolean;
  /** Whether it is `[N, W, H, C]` in the file too, as a softmax over the channels swaps axes before and after. */
  readonly isSwapped?: boolean;
}

/** A value as the file has it, of which nothing more is known. */
export const plain: Order = { rank: undefined, isTurned: false };

/** A picture with its channels last. */
export const picture: Order = { rank: 4, isTurned: true };

/** A node for the other order, and how it gives its value. */
export type Rewritten = readonly [node: NodeJson, order: Order];

/** A graph that is being made. */
export class Turning {
  readonly nodes: NodeJson[] = [];
  readonly constants: Constants;
  readonly fail: (what: string) => never;
  readonly #names: Set<string>;
  readonly #orders = new Map<string, Order>();
  readonly #reordered = new Map<string, string>();

  constructor(nodes: readonly NodeJson[], constants: Constants, fail: (what: string) => never) {
    this.constants = constants;
    this.fail = fail;
    this.#names = new Set(nodes.map(({ name }) => name));
  }

  add([node, order]: Rewritten): void {
    this.nodes.push(node);
    this.#orders.set(node.name, order);
  }

  orderOf(value: string | undefined): Order {
    if (value === undefined) return plain;
    return this.#orders.get(giverOf(value)) ?? plain;
  }

  /** A value in one of the two orders. */
  inOrder(value: string, isTurned: boolean): string {
    if (this.orderOf(value).isTurned === isTurned) return value;
    const key = `${value} ${isTurned}`;
    const known = this.#reordered.get(key);
    if (known !== undefined) return known;
    // In a scope of its own, since the last node of a layer's is taken for the layer.
    const name = this.#freeName(
      `channels_${isTurned ? "last" : "first"}/${giverOf(value).replaceAll("/", "_")}`,
    );
    this.#reordered.set(key, name);
    const perm = this.constants.ofIntegers(isTurned ? toLast : toFirst);
    const attr = { T: { type: "DT_FLOAT" }, Tperm: { type: "DT_INT32" } };
    this.add([{ name, op: "Transpose", input: [value, perm], attr }, { rank: 4, isTurned }]);
    return name;
  }

  #freeName(wanted: string): string {
    let name = wanted;
    while (this.#names.has(name)) name += "_";
    this.#names.add(name);
    return name;
  }

  /** What is joined with a turned picture, in its order; `undefined` where it is not known how many axes it has. */
  joined(value: string): string | undefined {
    const { rank, isTurned } = this.orderOf(value);
    if (isTurned || rank === 0) return value;
    const weight = this.constants.find(value);
    if (!weight) return rank === 4 ? this.inOrder(value, true) : undefined;
    const { shape } = weight.spec;
    if (shape.length > 4) return undefined;
    const whole = turned([...Array<number>(4 - shape.length).fill(1), ...shape]);
    const isVector = whole.filter((size) => size > 1).length <= 1;
    const isOfChannels = isVector && whole.slice(0, 3).every((size) => size === 1);
    if (isVector) return this.constants.reshaped(weight, isOfChannels ? whole.slice(3) : whole);
    return shape.length === 4 ? this.inOrder(value, true) : undefined;
  }
}
