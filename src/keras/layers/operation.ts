import * as tf from "@tensorflow/tfjs";
import { activationName, applyActivation } from "./activations.ts";
import type { KerasLayer, Settings } from "./keras_layer.ts";

/** An operand: one of the inputs, or a constant. */
type Operand = tf.Tensor | number;

/** What an operation is called with: operands in order, and all that bears a name. */
interface Call {
  readonly operands: readonly unknown[];
  readonly named: Settings;
}

type Operation = (x: tf.Tensor, call: Call) => tf.Tensor;

/** The second operand of an operation with two. */
function other({ operands, named }: Call): Operand {
  return (operands[1] ?? named.x2 ?? named.y) as Operand;
}

/** Operations with two operands, either of which may be a constant. */
function binary(compute: (a: Operand, b: Operand) => tf.Tensor): Operation {
  return (_x, call) => compute((call.operands[0] ?? call.named.x1 ?? call.named.x) as Operand, other(call));
}

function axisOf({ operands, named }: Call): number | number[] | undefined {
  return (named.axis ?? operands[1] ?? undefined) as number | number[] | undefined;
}

/** Operations over axes, which are kept as 1 where that is asked for. */
function reduction(
  compute: (x: tf.Tensor, axis: number | number[] | undefined, keep: boolean) => tf.Tensor,
): Operation {
  return (x, call) => compute(x, axisOf(call), (call.named.keepdims ?? call.named.keep_dims) === true);
}

function unary(compute: (x: tf.Tensor) => tf.Tensor): Operation {
  return (x) => compute(x);
}

const add = binary((a, b) => tf.add(a, b));
const subtract = binary((a, b) => tf.sub(a, b));
const multiply = binary((a, b) => tf.mul(a, b));
const divide = binary((a, b) => tf.div(a, b));
const power = binary((a, b) => tf.pow(a, b));
const mean = reduction((x, axis, keep) => tf.mean(x, axis, keep));
const max = reduction((x, axis, keep) => tf.max(x, axis, keep));
const min = reduction((x, axis, keep) => tf.min(x, axis, keep));
const sum = reduction((x, axis, keep) => tf.sum(x, axis, keep));
const absolute = unary((x) => tf.abs(x));
const same = unary((x) => x.clone());
const clip: Operation = (x, { operands, named }) => {
  const low = named.x_min ?? named.clip_value_min ?? operands[1];
  const high = named.x_max ?? named.clip_value_max ?? operands[2];
  return tf.minimum(tf.maximum(x, low as number), high as number);
};
const reshape: Operation = (x, { operands, named }) => {
  const shape = (named.newshape ?? named.shape ?? operands[1]) as (number | null)[];
  return x.reshape(shape.map((size, axis) => size ?? (axis === 0 ? x.shape[0]! : -1)));
};
const concatenate: Operation = (x, { operands, named }) => {
  const list = (Array.isArray(operands[0]) ? operands[0] : [x]) as tf.Tensor[];
  return tf.concat(list, Number(named.axis ?? operands[1] ?? -1));
};

/** Operations that functional models record: Keras 3's by their class, Keras 2's by TensorFlow's function. */
const operations: Readonly<Record<string, Operation>> = {
  abs: absolute,
  absolute,
  add,
  addv2: add,
  cast: same,
  clip,
  clip_by_value: clip,
  concat: concatenate,
  concatenate,
  convert_to_tensor: same,
  divide,
  exp: unary((x) => tf.exp(x)),
  expand_dims: (x, call) => tf.expandDims(x, axisOf(call) as number),
  identity: same,
  log: unary((x) => tf.log(x)),
  max,
  maximum: binary((a, b) => tf.maximum(a, b)),
  mean,
  min,
  minimum: binary((a, b) => tf.minimum(a, b)),
  multiply,
  negative: unary((x) => tf.neg(x)),
  pow: power,
  power,
  reduce_max: max,
  reduce_mean: mean,
  reduce_min: min,
  reduce_sum: sum,
  reshape,
  rsqrt: unary((x) => tf.rsqrt(x)),
  sqrt: unary((x) => tf.sqrt(x)),
  square: unary((x) => tf.square(x)),
  squeeze: (x, call) => tf.squeeze(x, [axisOf(call) ?? []].flat()),
  stop_gradient: same,
  sub: subtract,
  subtract,
  sum,
  transpose: (x, { operands, named }) =>
    tf.transpose(x, (named.axes ?? named.perm ?? operands[1]) as number[]),
  true_divide: divide,
  truediv: divide,
};

/** An operation's computation; activations are operations too. */
function findOperation(name: string): Operation | undefined {
  if (Object.hasOwn(operations, name)) return operations[name];
  const activation = activationName(name, false);
  return activation === undefined ? undefined : (x) => applyActivation(activation, x).clone();
}

/** Whether an operation is known, by its name in lower case with underscores. */
export function isOperation(name: string): boolean {
  return findOperation(name) !== undefined;
}

/** Put the inputs where a template says `{ input: n }`, and tensors for lists of numbers stay lists. */
function fill(template: unknown, inputs: readonly tf.Tensor[]): unknown {
  if (Array.isArray(template)) return template.map((item) => fill(item, inputs));
  const input = (template as { input?: unknown } | null)?.input;
  return typeof input === "number" ? inputs[input] : template;
}

/** An operation that a functional model recorded: its name, and what it is called with. */
export const operationLayer: KerasLayer = {
  className: "Operation",
  call(inputs, { operation, operands, named }) {
    const call = {
      operands: fill(operands, inputs) as unknown[],
      named: Object.fromEntries(
        Object.entries(named as Settings).map(([key, value]) => [key, fill(value, inputs)]),
      ),
    };
    return findOperation(String(operation))!(inputs[0]!, call);
  },
};
