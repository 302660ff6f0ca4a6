import type { Tensor } from "../../base/tensors.ts";
import type { Operation, RectifierKind } from "../../operations/operation.ts";
import type { Weight } from "../../operations/weight.ts";
import type { Attributes } from "./attributes.ts";
import type { ElementType } from "./element_type.ts";
import type { GraphProto, TensorProto } from "./model_proto.ts";
import type { Axes, Constant, Live, Value } from "./value.ts";

/** What a value is that an operation gives. */
export interface Made {
  /** Its shape as ONNX has it. */
  readonly shape: readonly number[];
  /**
   * How its axes are stored.
   * @default {in their own order}
   */
  readonly axes?: Axes | undefined;
  /**
   * What its numbers are.
   * @default {that of the node's first input}
   */
  readonly type?: ElementType | undefined;
}

/** A value that is computed by a function that TensorFlow.js can tape. */
export interface Computed extends Made {
  /** Tells values that one node makes on the way apart; left out for the one that it gives. */
  readonly part?: string | undefined;
  /** Set where it does a rectifier's work. */
  readonly rectifier?: RectifierKind | undefined;
}

/** How a constant becomes a weight. */
export interface WeightLayout {
  /**
   * The order in which its axes are stored.
   * @default {their own}
   */
  readonly order?: Axes | undefined;
  /**
   * The shape that it is stored in.
   * @default {its own, in that order}
   */
  readonly shape?: readonly number[] | undefined;
  /** What each number is multiplied by. */
  readonly factor?: number | undefined;
}

/** How a node is taken for one of another operator. */
export interface Likened {
  /** Tells its value apart where it is not the one that the node gives. */
  readonly part?: string | undefined;
  /**
   * The version of the operators.
   * @default {that of the node}
   */
  readonly opset?: number | undefined;
}

/** A node, and what its translation is made with. */
export interface NodeContext {
  /** The operator, such as `"Conv"`. */
  readonly op: string;
  /** What to call the node in messages. */
  readonly name: string;
  /** The version of the operators that it is written for. */
  readonly opset: number;
  readonly attributes: Attributes;
  /** What it takes, in order; `undefined` for what is left out. */
  readonly inputs: readonly (Value | undefined)[];
  /** How many values it gives; those that are left out count too. */
  readonly outputs: number;
  /** Whether one of its values is asked for. */
  gives(index: number): boolean;

  /** What it takes there; it fails where that is left out. */
  input(index: number): Value;
  /** A value that depends on the model's inputs, or is made one. */
  live(index: number): Live;
  /** A constant; `undefined` where that is left out. It fails where it depends on the model's inputs. */
  constant(index: number): Constant | undefined;
  /** The numbers of a constant; `undefined` where that is left out. It fails as {@linkcode NodeContext.constant}. */
  numbers(index: number): number[] | undefined;
  /** A tensor among its attributes, as a constant. */
  tensor(tensor: TensorProto): Constant;

  /** The id of a value that the node gives, or makes on the way. */
  id(part?: string): string;
  /** A value with its axes stored in another order, which is done once and only where it moves anything. */
  stored(value: Live, axes: Axes): Live;
  /** A value in another shape, with as little moved as can be. */
  reshaped(value: Live, shape: readonly number[], part?: string): Live;
  /** A constant as a weight. */
  weight(constant: Constant, layout?: WeightLayout): Weight;
  /** Add an operation, whose first output is the value. */
  emit(operation: Operation, made: Made): Live;
  /** Add an operation that computes a value of others, each as it is stored; constants in their own order. */
  compute(values: readonly (Value | Weight)[], run: (...tensors: Tensor[]) => Tensor, made: Computed): Live;
  /**
   * What another operator gives of other values, with the attributes of this node.
   *
   * @param how How it differs from this node.
   */
  as(operator: string, inputs: readonly Value[], how?: Likened): Value;
  /** What a graph within the node gives, as if its nodes stood in the node's place. */
  inside(graph: GraphProto): Value[];

  /** Say that it computes along the axis of several pictures, so that they have to be computed one by one. */
  mixesPictures(): void;
  /** Refuse the model: the message names the node and its operator. */
  fail(what: string): never;
  /** Tell the user something about the model, once. */
  note(text: string): void;
}

/** What a node becomes: the values that it gives, in order. */
export type NodeTranslator = (node: NodeContext) => Value | readonly Value[];

/** Translators by the operators that they are for. */
export type NodeTranslators = Readonly<Record<string, NodeTranslator>>;
