/** How a layer stands for an operation that a functional model recorded. */
export interface RecordedSettings {
  /** The operation's name. */
  readonly operation?: unknown;
  /** What it is called with by place: `{ input: n }` for a tensor. */
  readonly operands?: readonly unknown[];
  /** What it is called with by name. */
  readonly named?: Readonly<Record<string, unknown>>;
}

/** Operations that are activations, by their names in Keras 3 and in TensorFlow. */
const activations: ReadonlyMap<unknown, string> = new Map([
  ["relu", "relu"],
  ["relu6", "relu6"],
  ["sigmoid", "sigmoid"],
  ["silu", "swish"],
  ["softmax", "softmax"],
  ["softmax_v2", "softmax"],
  ["swish", "swish"],
  ["tanh", "tanh"],
]);

/** Operations that only give a tensor another shape. */
const reshapes: ReadonlySet<unknown> = new Set([
  "copy",
  "expand_dims",
  "identity",
  "ravel",
  "reshape",
  "squeeze",
]);

/**
 * The activation that a recorded operation is.
 *
 * @param rank The rank of what it takes.
 * @returns `undefined` where it is another operation, or along another axis than the last.
 */
export function recordedActivation(
  { operation, operands = [], named = {} }: RecordedSettings,
  rank: number,
): string | undefined {
  const { axis = -1, ...others } = named;
  const values = [...operands, ...Object.values(others)];
  if (values.length !== 1 || (axis !== -1 && axis !== rank - 1)) return undefined;
  return activations.get(operation);
}

/** Operations that make each number another along a curve, besides activations. */
const curves: ReadonlySet<unknown> = new Set([
  "abs",
  "absolute",
  "arctan",
  "atan",
  "celu",
  "clip",
  "clip_by_value",
  "elu",
  "erf",
  "exp",
  "expm1",
  "gelu",
  "hard_sigmoid",
  "hard_silu",
  "hard_swish",
  "hard_tanh",
  "leaky_relu",
  "log",
  "log1p",
  "log_sigmoid",
  "log_softmax",
  "maximum",
  "minimum",
  "pow",
  "power",
  "relu",
  "relu6",
  "round",
  "selu",
  "sigmoid",
  "sign",
  "silu",
  "softmax",
  "softplus",
  "softsign",
  "sparse_sigmoid",
  "sqrt",
  "square",
  "squareplus",
  "swish",
  "tanh",
]);

/** Whether a recorded operation is a curve, so that what it gives is no sum of products. */
export function isRecordedCurve({ operation }: RecordedSettings): boolean {
  return curves.has(operation);
}

/** Whether a recorded operation only gives its first operand another shape. */
export function isRecordedReshape({ operation }: RecordedSettings): boolean {
  return reshapes.has(operation);
}
