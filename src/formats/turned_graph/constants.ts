import type { StoredWeight } from "../tfjs_weights.ts";
import { giverOf, type NodeJson } from "./graph_json.ts";

/** Operations that hand a constant on. */
const handingOn = new Set(["Identity", "StopGradient"]);

/** A graph's constants, and those that are made for its other order of axes. */
export class Constants {
  /** The nodes that were made. */
  readonly nodes: NodeJson[] = [];
  /** Their numbers. */
  readonly stored: StoredWeight[] = [];
  readonly #nodes: ReadonlyMap<string, NodeJson>;
  readonly #weights: ReadonlyMap<string, StoredWeight>;
  readonly #made = new Map<string, string>();

  constructor(nodes: ReadonlyMap<string, NodeJson>, stored: readonly StoredWeight[]) {
    this.#nodes = nodes;
    this.#weights = new Map(stored.map((weight) => [weight.spec.name, weight]));
  }

  /** The weight that a value is; `undefined` for what is computed. */
  find(value: string | undefined): StoredWeight | undefined {
    let node = value === undefined ? undefined : this.#nodes.get(giverOf(value));
    for (let steps = 0; node && handingOn.has(node.op) && steps < 16; steps++) {
      node = this.#nodes.get(giverOf(node.input?.[0] ?? ""));
    }
    return node?.op === "Const" ? this.#weights.get(node.name) : undefined;
  }

  /** The whole numbers that a value is; `undefined` for other types, and for what is computed. */
  integers(value: string | undefined): number[] | undefined {
    const weight = this.find(value);
    if (weight?.spec.dtype !== "int32" || weight.spec.quantization) return undefined;
    return [...new Int32Array(weight.bytes.slice().buffer)];
  }

  /**
   * A constant of whole numbers.
   *
   * @param shape As many axes as they have; one by default.
   */
  ofIntegers(numbers: readonly number[], shape: readonly number[] = [numbers.length]): string {
    const bytes = new Uint8Array(Int32Array.from(numbers).buffer);
    return this.#make(
      `${JSON.stringify(shape)}${numbers}`,
      { name: "", shape: [...shape], dtype: "int32" },
      bytes,
    );
  }

  /** The same numbers in another shape. */
  reshaped({ spec, bytes }: StoredWeight, shape: readonly number[]): string {
    return this.#make(`${spec.name} ${JSON.stringify(shape)}`, { ...spec, shape: [...shape] }, bytes);
  }

  #make(key: string, spec: StoredWeight["spec"], bytes: Uint8Array<ArrayBuffer>): string {
    const known = this.#made.get(key);
    if (known !== undefined) return known;
    let name = `channels_last/constant_${this.#made.size}`;
    while (this.#nodes.has(name)) name += "_";
    this.#made.set(key, name);
    const type = spec.dtype === "int32" ? "DT_INT32" : "DT_FLOAT";
    this.nodes.push({ name, op: "Const", input: [], attr: { dtype: { type } } });
    this.stored.push({ spec: { ...spec, name }, bytes });
    return name;
  }
}
