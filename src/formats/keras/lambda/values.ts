import { quote } from "../../../base/quote.ts";

/** What stands for a tensor: one of the layer's inputs, or what a step before gives. */
export interface TensorReference {
  /** The inputs come first, then the steps in order. */
  readonly input: number;
}

/** A constant that is no tensor. */
export type Constant = null | boolean | number | string | readonly Value[] | SliceValue;

/** A slice, as Keras's recorded operations write it. */
export interface SliceValue {
  readonly start: number | null;
  readonly stop: number | null;
  readonly step: number | null;
}

/** A global name, and what was asked of it: `tf.image.resize`. */
export class NamePath {
  /** The parts between the dots. */
  constructor(readonly parts: readonly string[]) {}

  /** As Python writes it. */
  get text(): string {
    return this.parts.join(".");
  }
}

/** What a function computes with. */
export type Value = Constant | TensorReference | NamePath;

/** An operation that a function consists of, as {@linkcode operationLayer} takes it. */
export interface Step {
  readonly operation: string;
  readonly operands: readonly Value[];
  readonly named: Readonly<Record<string, Value>>;
}

/** A function that cannot be followed; the message completes "the code …". */
export class UnknownFunctionError extends Error {
  override name = "UnknownFunctionError";
}

/** Whether a value is a tensor. */
export function isTensor(value: Value): value is TensorReference {
  return typeof value === "object" && value !== null && !Array.isArray(value) && "input" in value;
}

/**
 * Make sure that an operation is given tensors, or one list of them.
 *
 * @throws {UnknownFunctionError} If it is given others.
 */
export function checkStep({ operation, operands, named }: Step): void {
  const depth = (value: unknown): number => {
    if (Array.isArray(value)) return Math.max(0, ...value.map((item) => depth(item) && depth(item) + 1));
    return typeof value === "object" && value !== null && "input" in value ? 1 : 0;
  };
  if (
    depth(operands[0]) > 2 || operands.slice(1).some((operand) => depth(operand) > 1) ||
    depth(Object.values(named))
  ) {
    throw new UnknownFunctionError(`calls ${quote(operation)} with arguments that are not known`);
  }
}

/** Whether a value is a list. */
export function isList(value: Value): value is readonly Value[] {
  return Array.isArray(value);
}

/** Whether a tensor is a value, or in a list that is one. */
export function holdsTensor(value: Value): boolean {
  return isList(value) ? value.some(holdsTensor) : isTensor(value);
}
