import type * as tf from "../../base/tfjs.ts";
import { countOf } from "../../base/tensor_info.ts";
import { quote } from "../../base/quote.ts";
import { Computation } from "../../operations/computation.ts";
import type { Operation } from "../../operations/operation.ts";
import { Reshape } from "../../operations/reshape.ts";
import type { Weight } from "../../operations/weight.ts";
import { Attributes } from "./attributes.ts";
import { Damage, damaged } from "./damaged.ts";
import { type GraphNode, nodeName } from "./graph_node.ts";
import { inOrder, planReshape, storedShape } from "./layout.ts";
import type { GraphProto, TensorProto } from "./model_proto.ts";
import type { Computed, Likened, Made, NodeContext, WeightLayout } from "./translator.ts";
import type { Axes, Constant, Live, Value } from "./value.ts";

/** The largest value that is computed, in numbers. */
const largest = 2 ** 28;

/** A value that has to be a constant, and depends on the model's inputs. */
export class LiveInput extends Damage {
  /** The id of the value. */
  readonly id: string;

  constructor(message: string, id: string) {
    super(message);
    this.id = id;
  }
}

/** What a node's context is made with: the translation that it is part of. */
export interface Workshop {
  /** A constant as a weight. */
  weight(constant: Constant, layout?: WeightLayout): Weight;
  /** A value with its axes stored in another order. */
  stored(value: Live, axes: Axes): Live;
  /** Add an operation. */
  add(operation: Operation): void;
  /** Say that several pictures cannot be computed at once. */
  mixesPictures(): void;
  /** A tensor of the file as a constant. */
  tensor(tensor: TensorProto): Constant;
  /** What a node gives of some values. */
  translateNode(node: GraphNode, inputs: readonly (Value | undefined)[]): readonly Value[];
  /** What a graph within a node gives. */
  inside(graph: GraphProto, opset: number): Value[];
  /** Tell the user something about the model, once. */
  note(text: string): void;
}

/** A shape that is stored, for as many pictures as there are. */
function forPictures(from: readonly number[], to: readonly number[]): (given: readonly number[]) => number[] {
  return ([first = 1]) => {
    const pictures = from[0] ? first / from[0] : 1;
    return to.length === 0 ? [] : [to[0]! * pictures, ...to.slice(1)];
  };
}

/** An operation that gives what is stored another shape, each picture staying one. */
export function reshapeStored(
  value: Pick<Live, "id" | "shape" | "axes">,
  output: string,
  shape: readonly number[],
): Reshape {
  return new Reshape(value.id, output, forPictures(storedShape(value), shape));
}

/** The context of one node. */
export class TranslatedNode implements NodeContext {
  readonly attributes: Attributes;
  readonly inputs: readonly (Value | undefined)[];
  readonly #node: GraphNode;
  readonly #workshop: Workshop;

  constructor(node: GraphNode, inputs: readonly (Value | undefined)[], workshop: Workshop) {
    this.#node = node;
    this.#workshop = workshop;
    this.inputs = inputs;
    this.attributes = new Attributes(node.attributes);
  }

  get op(): string {
    return this.#node.op;
  }

  get name(): string {
    return nodeName(this.#node);
  }

  get opset(): number {
    return this.#node.opset;
  }

  get outputs(): number {
    return this.#node.outputs.length;
  }

  gives(index: number): boolean {
    return (this.#node.outputs[index] ?? "") !== "";
  }

  input(index: number): Value {
    return this.inputs[index] ?? this.fail(`has no input ${index + 1}`);
  }

  live(index: number): Live {
    const value = this.input(index);
    if (value.kind === "live") return value;
    const weight = this.weight(value);
    const id = this.id(`constant${index}`);
    this.#workshop.add(new Computation([], id, () => weight.read().clone()));
    return { kind: "live", id, type: value.type, shape: value.shape, axes: inOrder(value.shape.length) };
  }

  constant(index: number): Constant | undefined {
    const value = this.inputs[index];
    if (value?.kind !== "live") return value;
    throw new LiveInput(this.#about(`takes an input ${index + 1} that depends on the picture`), value.id);
  }

  numbers(index: number): number[] | undefined {
    const constant = this.constant(index);
    return constant && Array.from(constant.read());
  }

  tensor(tensor: TensorProto): Constant {
    return this.#workshop.tensor(tensor);
  }

  mixesPictures(): void {
    this.#workshop.mixesPictures();
  }

  /** Refuse a node that is computed of constants alone. */
  needConstants(): never {
    this.inputs.forEach((_, index) => this.constant(index));
    return this.fail("is an operator that is not known");
  }

  id(part?: string): string {
    const own = this.#node.outputs.find((output) => output !== "") ?? this.name;
    return part === undefined ? own : `${own}@${part}`;
  }

  stored(value: Live, axes: Axes): Live {
    return this.#workshop.stored(value, axes);
  }

  reshaped(value: Live, shape: readonly number[], part?: string): Live {
    const { before, axes } = planReshape(value, shape);
    const given = this.stored(value, before);
    const made = { shape, axes, type: value.type };
    return this.emit(reshapeStored(given, this.id(part), storedShape(made)), made);
  }

  weight(constant: Constant, layout?: WeightLayout): Weight {
    return this.#workshop.weight(constant, layout);
  }

  emit(operation: Operation, { shape, axes = inOrder(shape.length), type }: Made): Live {
    this.#workshop.add(operation);
    if (!(countOf(shape) <= largest)) this.fail(`gives too much, [${shape.join(", ")}]`);
    if (storedShape({ shape, axes })[0] !== 1) this.mixesPictures();
    const own = type ?? this.inputs[0]?.type ?? "float32";
    return { kind: "live", id: operation.outputs[0]!, type: own, shape, axes };
  }

  compute(
    values: readonly (Value | Weight)[],
    run: (...tensors: tf.Tensor[]) => tf.Tensor,
    { part, rectifier, ...made }: Computed,
  ): Live {
    const operands = values.map((value) =>
      "kind" in value && value.kind === "constant" ? this.weight(value) : value
    );
    const live = operands.flatMap((operand) => "id" in operand ? [operand.id] : []);
    const computeAll = (...given: tf.Tensor[]) => {
      const rest = given.values();
      return run(
        ...operands.map((operand) => "id" in operand ? rest.next().value! : (operand as Weight).read()),
      );
    };
    return this.emit(new Computation(live, this.id(part), computeAll, rectifier), made);
  }

  as(op: string, inputs: readonly Value[], { part, opset = this.opset }: Likened = {}): Value {
    const node = { ...this.#node, op, opset, domain: "", outputs: [this.id(part)] };
    return this.#workshop.translateNode(node, inputs)[0]!;
  }

  inside(graph: GraphProto): Value[] {
    return this.#workshop.inside(graph, this.opset);
  }

  fail(what: string): never {
    return damaged(this.#about(what));
  }

  note(text: string): void {
    this.#workshop.note(text);
  }

  #about(what: string): string {
    return `its node ${quote(this.name)} (${quote(this.op)}) ${what}`;
  }
}
