import { quote } from "../../base/quote.ts";
import { countOf } from "../../base/tensor_info.ts";
import type { Operation } from "../../operations/operation.ts";
import { Transpose } from "../../operations/transpose.ts";
import type { Weight } from "../../operations/weight.ts";
import { folders } from "./arrays/mod.ts";
import type { Constants } from "./constants.ts";
import { damaged } from "./damaged.ts";
import { type GraphNode, takenBy } from "./graph_node.ts";
import { channelsLast, inOrder, permutation, sameAxes, staysInPlace, storedShape } from "./layout.ts";
import { joinNodes } from "./joined_nodes.ts";
import type { GraphProto, TensorProto } from "./model_proto.ts";
import type { JoinContext } from "./node_join.ts";
import { reshapeStored, TranslatedNode, type Workshop } from "./node_context.ts";
import { translators } from "./nodes/mod.ts";
import { PictureFinder, shapeGiving } from "./pictures.ts";
import type { WeightLayout } from "./translator.ts";
import type { Axes, Constant, Live, Value } from "./value.ts";
import type { WeightSource } from "./weights.ts";

/** A node, and what it gives that depends on the model's inputs. */
export interface TranslatedValues {
  readonly node: GraphNode;
  readonly values: readonly Live[];
}

/** The names of values that no node takes after one, by its place among all. */
function lastTaken(nodes: readonly GraphNode[], wanted: readonly string[]): Map<number, string[]> {
  const own = new Set(nodes.flatMap(({ outputs }) => outputs)), kept = new Set(wanted);
  const last = new Map<string, number>();
  nodes.forEach((node, at) => {
    for (const name of takenBy(node)) if (own.has(name) && !kept.has(name)) last.set(name, at);
  });
  const names = new Map<number, string[]>();
  for (const [name, at] of last) names.set(at, [...names.get(at) ?? [], name]);
  return names;
}

/** How the nodes of a graph become operations: they are walked once, each after those whose values it takes. */
export class Translation implements Workshop {
  /** What the nodes that were translated compute. */
  readonly operations: Operation[] = [];
  /** The nodes that were translated, in order. */
  readonly translated: TranslatedValues[] = [];
  /** What the user should know. */
  readonly notes: Set<string> = new Set();
  /** Whether several pictures can be computed at once: all values have an axis of their own for them, stored first. */
  takesSeveral = true;
  readonly #constants: Constants;
  readonly #weights: WeightSource;
  readonly #values = new Map<string, Value>();
  /** The values that are stored in another order already. */
  readonly #known = new Set<string>();

  /**
   * @param constants The constants of the file.
   * @param weights Makes them weights.
   */
  constructor(constants: Constants, weights: WeightSource) {
    this.#constants = constants;
    this.#weights = weights;
  }

  /** Give a value its name. */
  define(name: string, value: Value): void {
    this.#values.set(name, value);
  }

  /** Give tensors of the file their names. */
  defineAll(tensors: readonly TensorProto[]): void {
    for (const tensor of tensors) this.define(tensor.name, this.tensor(tensor));
  }

  /** The value of a name. */
  valueOf(name: string): Value {
    return this.#values.get(name) ?? damaged(`its graph takes ${quote(name)}, which it does not have`);
  }

  /** Whether there is a value of a name. */
  has(name: string): boolean {
    return this.#values.has(name);
  }

  /** Translate the nodes that lead to some values. */
  translate(nodes: readonly GraphNode[], wanted: readonly string[]): void {
    const sorted = joinNodes(nodes, this.#joinContext(nodes, wanted)), pictures = new PictureFinder(sorted);
    const taken = lastTaken(sorted, wanted);
    for (const [at, node] of sorted.entries()) {
      const inputs = node.inputs.map((name) => name === "" ? undefined : this.valueOf(name));
      const given = this.translateNode(node, inputs);
      const becomesPicture = shapeGiving.test(node.op) && pictures.isPicture(node.outputs[0]!);
      const values = becomesPicture ? given.map((value) => this.#asPicture(value)) : given;
      node.outputs.forEach((name, at) => name !== "" && values[at] && this.define(name, values[at]));
      this.translated.push({ node, values: values.filter((value) => value.kind === "live") });
      for (const name of taken.get(at) ?? []) {
        const value = this.#values.get(name);
        if (value?.kind === "constant") value.forget?.();
      }
    }
  }

  /** What is known of a graph before its nodes are translated. */
  #joinContext(nodes: readonly GraphNode[], wanted: readonly string[]): JoinContext {
    const constants = new Map(
      nodes.flatMap((node) => node.op === "Constant" ? [[node.outputs[0], node] as const] : []),
    );
    const constantOf = (name: string): Constant | undefined => {
      const node = constants.get(name),
        value = node ? this.translateNode(node, [])[0] : this.#values.get(name);
      return value?.kind === "constant" ? value : undefined;
    };
    const numbersOf = (name: string) => {
      const constant = constantOf(name);
      const isShort = constant !== undefined && constant.shape.length <= 1 && countOf(constant.shape) <= 8;
      return isShort ? Array.from(constant.read()) : undefined;
    };
    return {
      wanted,
      numbersOf,
      numberOf: (name) => {
        const numbers = numbersOf(name);
        return numbers?.length === 1 ? numbers[0] : undefined;
      },
      isConstant: (name) => constantOf(name) !== undefined,
    };
  }

  /** A value of four axes, its channels last. */
  #asPicture(value: Value): Value {
    const isOther = value.kind === "live" && value.shape.length === 4 && sameAxes(value.axes, inOrder(4));
    return isOther ? this.stored(value, channelsLast(4)) : value;
  }

  weight(constant: Constant, layout?: WeightLayout): Weight {
    return this.#weights.get(constant, layout);
  }

  stored(value: Live, axes: Axes): Live {
    if (sameAxes(value.axes, axes)) return value;
    const order = permutation(value.axes, axes);
    const id = `${value.id}@${order.join("_")}`;
    const result: Live = { ...value, id, axes };
    if (this.#known.has(id)) return result;
    if (order[0] !== 0) this.mixesPictures();
    this.add(
      staysInPlace(value, axes)
        ? reshapeStored(value, id, storedShape(result))
        : new Transpose(value.id, id, order),
    );
    this.#known.add(id);
    return result;
  }

  mixesPictures(): void {
    this.takesSeveral = false;
  }

  add(operation: Operation): void {
    this.operations.push(operation);
  }

  tensor(tensor: TensorProto): Constant {
    return this.#constants.of(tensor);
  }

  inside(graph: GraphProto, opset: number): Value[] {
    this.defineAll(graph.initializers);
    const wanted = graph.outputs.map(({ name }) => name);
    this.translate(graph.nodes.map((node) => ({ ...node, opset })), wanted);
    return wanted.map((name) => this.valueOf(name));
  }

  note(text: string): void {
    this.notes.add(text);
  }

  translateNode(node: GraphNode, inputs: readonly (Value | undefined)[]): readonly Value[] {
    const context = new TranslatedNode(node, inputs, this);
    const operator = node.domain === "" ? node.op : `${node.domain}.${node.op}`;
    const translator = Object.hasOwn(translators, operator) ? translators[operator] : undefined;
    if (!translator && node.domain !== "") {
      context.fail(`is of the domain ${quote(node.domain)}, which is not known`);
    }
    try {
      const given = inputs.filter((value) => value !== undefined);
      const areConstant = given.length > 0 && given.every((value) => value.kind === "constant");
      if (areConstant && Object.hasOwn(folders, operator)) {
        return this.#constants.fold(node, inputs as (Constant | undefined)[]);
      }
      if (!translator && Object.hasOwn(folders, operator)) return context.needConstants();
      if (!translator) return context.fail("is an operator that is not known");
      return [translator(context)].flat();
    } catch (error) {
      if (error instanceof RangeError) context.fail(`cannot be computed: ${error.message}`);
      throw error;
    }
  }
}
