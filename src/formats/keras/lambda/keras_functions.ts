import { parametersOf } from "../layers/operations/mod.ts";
import { applyOperator } from "./arithmetic.ts";
import { extremes, type KnownFunction, operation, operations, same, unary } from "./known_function.ts";
import type { Value } from "./values.ts";

/** A function without arguments that gives a constant. */
function constant(value: Value): KnownFunction {
  return { parameters: [], call: () => value };
}

/** Functions of Keras's backend. */
export const backend: Readonly<Record<string, KnownFunction>> = {
  ...operations("x", ...unary),
  ...extremes,
  ...operations("x, axis, keepdims", "logsumexp", "max", "mean", "min", "prod", "std", "sum", "var"),
  ...operations("x, axis", "l2_normalize", "softmax", "squeeze"),
  cast: operation("x, dtype", "cast"),
  cast_to_floatx: { parameters: ["x"], call: ({ x }) => x! },
  clip: operation("x, min_value, max_value", "clip"),
  concatenate: operation("tensors, axis", "concatenate"),
  constant: same,
  elu: operation("x, alpha", "elu"),
  epsilon: constant(1e-7),
  expand_dims: {
    parameters: ["x", "axis"],
    call: ({ x, axis = -1 }, { recorder }) =>
      recorder.record({ operation: "expand_dims", operands: [x!], named: { axis } }),
  },
  floatx: constant("float32"),
  identity: { parameters: ["x"], call: ({ x }) => x! },
  image_data_format: constant("channels_last"),
  permute_dimensions: operation("x, pattern", "permute_dimensions"),
  pow: { parameters: ["x", "a"], call: ({ x, a }, { recorder }) => applyOperator("**", x!, a!, recorder) },
  relu: operation("x, !alpha, !max_value, !threshold", "relu"),
  repeat_elements: {
    parameters: ["x", "rep", "axis"],
    call: ({ x, rep, axis }, { recorder }) =>
      recorder.record({ operation: "repeat", operands: [x!], named: { repeats: rep!, axis: axis! } }),
  },
  reshape: operation("x, shape", "reshape"),
  reverse: {
    parameters: ["x", "axes"],
    call: ({ x, axes }, { recorder }) =>
      recorder.record({ operation: "flip", operands: [x!], named: { axis: axes! } }),
  },
  stack: operation("x, axis", "stack"),
};

/** Operations that give several tensors, or what is no tensor. */
const several = new Set(["moments", "shape", "split", "top_k", "unstack"]);

/** A function of `keras.ops`, whose parameters are those of the operation that it records. */
export function findOperation(name: string): KnownFunction | undefined {
  const parameters = several.has(name) ? undefined : parametersOf(name);
  if (!parameters) return undefined;
  const names = parameters.map((parameter) => parameter.replace("?", "").split("|"));
  return {
    parameters: names.map(([own]) => own!),
    call(bound, { recorder }) {
      const operands: Value[] = [], named: Record<string, Value> = {};
      for (const [own] of names) {
        const value = bound[own!];
        if (value === undefined) continue;
        if (operands.length === names.findIndex(([name]) => name === own)) operands.push(value);
        else named[own!] = value;
      }
      return recorder.record({ operation: name, operands, named });
    },
  };
}
