/**
 * What a function of a library is known as, and how such functions are made: most are an operation.
 *
 * @module
 */
import { applyOperator, type Recorder } from "./arithmetic.ts";
import type { Value } from "./values.ts";

/** Where a call stands. */
export interface CallContext {
  readonly recorder: Recorder;
  /** The version of Keras, as a number such as 2.15. */
  readonly version: number;
}

/** Arguments by the names of parameters. */
export type Bound = Readonly<Record<string, Value>>;

/** A function that is known. */
export interface KnownFunction {
  /** Its parameters in order; one behind `!` must be left out, or false. */
  readonly parameters: readonly string[];
  call(bound: Bound, context: CallContext): Value;
}

/** A function that is an operation: the first parameter is what it is applied to, the others go by their names. */
export function operation(
  parameters: string,
  name: string,
  fixed: Readonly<Record<string, Value>> = {},
): KnownFunction {
  const [first = "", ...others] = parameters.split(", ");
  return {
    parameters: [first, ...others],
    call(bound, { recorder }) {
      const named = others.flatMap((other) =>
        bound[other] === undefined ? [] : [[other, bound[other]] as const]
      );
      const operand = bound[first]!;
      return recorder.record({
        operation: name,
        operands: [operand],
        named: { ...fixed, ...Object.fromEntries(named) },
      });
    },
  };
}

/** Functions that are an operation of the same name. */
export function operations(parameters: string, ...names: readonly string[]): Record<string, KnownFunction> {
  return Object.fromEntries(names.map((name) => [name, operation(parameters, name)]));
}

/** A function that is an operator of two operands. */
function operator(sign: string): KnownFunction {
  return {
    parameters: ["x", "y"],
    call: ({ x, y }, { recorder }) => applyOperator(sign, x!, y!, recorder),
  };
}

/** A function that only makes a tensor of a constant, or leaves one as it is. */
export const same: KnownFunction = { parameters: ["value", "dtype", "shape"], call: ({ value }) => value! };

/** Functions of one tensor, whatever library they are of. */
export const unary = [
  "abs",
  "ceil",
  "cos",
  "elu",
  "exp",
  "floor",
  "gelu",
  "log",
  "log1p",
  "negative",
  "reciprocal",
  "relu",
  "relu6",
  "round",
  "rsqrt",
  "selu",
  "sigmoid",
  "sign",
  "silu",
  "sin",
  "softplus",
  "softsign",
  "sqrt",
  "square",
  "stop_gradient",
  "swish",
  "tanh",
] as const;

/** Functions that are operators. */
export const operators: Readonly<Record<string, KnownFunction>> = {
  add: operator("+"),
  divide: operator("/"),
  multiply: operator("*"),
  pow: operator("**"),
  subtract: operator("-"),
  truediv: operator("/"),
};

/** The larger or smaller of two. */
export const extremes: Readonly<Record<string, KnownFunction>> = Object.fromEntries(
  ["maximum", "minimum"].map((name): [string, KnownFunction] => [name, {
    parameters: ["x", "y"],
    call: ({ x, y }, { recorder }) => recorder.record({ operation: name, operands: [x!, y!], named: {} }),
  }]),
);
