import type { AttributeProto, GraphProto, TensorProto } from "./model_proto.ts";

/** A node's attributes by name. */
export class Attributes {
  readonly #known: ReadonlyMap<string, AttributeProto>;

  constructor(known: ReadonlyMap<string, AttributeProto>) {
    this.#known = known;
  }

  /** Whether it is given. */
  has(name: string): boolean {
    return this.#known.has(name);
  }

  /** A whole number; a default where it is left out. */
  int(name: string): number | undefined;
  int(name: string, instead: number): number;
  int(name: string, instead?: number): number | undefined {
    return this.#known.get(name)?.int ?? instead;
  }

  /** A number; a default where it is left out. */
  float(name: string): number | undefined;
  float(name: string, instead: number): number;
  float(name: string, instead?: number): number | undefined {
    return this.#known.get(name)?.float ?? instead;
  }

  /** A text; a default where it is left out. */
  text(name: string, instead: string): string {
    return this.#known.get(name)?.text ?? instead;
  }

  /** Whole numbers; `undefined` where they are left out. */
  ints(name: string): readonly number[] | undefined {
    return this.#known.get(name)?.ints;
  }

  /** Numbers; `undefined` where they are left out. */
  floats(name: string): readonly number[] | undefined {
    return this.#known.get(name)?.floats;
  }

  /** A tensor; `undefined` where it is left out. */
  tensor(name: string): TensorProto | undefined {
    return this.#known.get(name)?.tensor;
  }

  /** A graph; `undefined` where it is left out. */
  graph(name: string): GraphProto | undefined {
    return this.#known.get(name)?.graph;
  }
}
