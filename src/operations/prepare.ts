import * as tf from "@tensorflow/tfjs";
import { Affine } from "./affine.ts";
import { Linear } from "./linear.ts";
import type { Operation } from "./operation.ts";
import { fixedWeight } from "./weight.ts";

/** A product and the affine operation that alone takes what it gives. */
interface Pair {
  readonly linear: Linear;
  readonly affine: Affine;
}

/**
 * Batch norms whose shift is larger than this are not folded. XNNPACK begins its sums with the bias: next to a large one
 * the products lose their last digits, and channels that training left with hardly any variance have shifts of
 * thousands.
 */
const largestBias = 64;

/** Biases that the converter folded are added last where their size times that of the kernel is larger than this. */
const largestGain = 64;

/** The pairs that may be folded: nothing else takes what lies between them. */
function findPairs(operations: readonly Operation[], outputs: readonly string[]): Pair[] {
  const users = new Map<string, Operation[]>();
  for (const operation of operations) {
    for (const id of operation.inputs) users.set(id, [...users.get(id) ?? [], operation]);
  }
  return operations.flatMap((linear): Pair[] => {
    if (!(linear instanceof Linear) || linear.parts.activation) return [];
    const output = linear.outputs[0];
    const [affine, ...others] = users.get(output) ?? [];
    const isAlone = others.length === 0 && !outputs.includes(output);
    return isAlone && affine instanceof Affine ? [{ linear, affine }] : [];
  });
}

/** The bias of both together, `[k]`. */
function combinedBias({ linear, affine: { fixed } }: Pair): tf.Tensor {
  const { scale, shift } = fixed!;
  const bias = linear.parts.bias?.read();
  if (!bias) return shift!.clone();
  const scaled = scale ? bias.mul(scale) : bias;
  return shift ? scaled.add(shift) : scaled.clone();
}

/** Those of a list whose measure, a scalar, is above a limit; the backend is asked for all of them at once. */
async function above<T>(
  list: readonly T[],
  limit: number,
  measure: (item: T) => tf.Tensor,
): Promise<ReadonlySet<unknown>> {
  if (list.length === 0) return new Set();
  const measured = tf.tidy(() => tf.stack(list.map(measure))); // [items]
  const values = await measured.data();
  measured.dispose();
  return new Set(list.filter((_, index) => values[index]! > limit));
}

/** The value farthest from 0, without a copy of what may be hundreds of megabytes. */
function magnitude(tensor: tf.Tensor): tf.Tensor {
  return tf.maximum(tensor.max(), tensor.min().neg());
}

/** Multiply a kernel by the scale that follows. */
function fold(pair: Pair): tf.Tensor[] {
  const { linear, affine } = pair;
  const { scale } = affine.fixed!;
  const bias = tf.tidy(() => combinedBias(pair));
  const kernel = scale ? tf.tidy(() => linear.scaledKernel(scale)) : linear.parts.kernel.read().clone();
  linear.setFold({ affine, kernel: fixedWeight(kernel), bias: fixedWeight(bias) });
  return [kernel, bias];
}

/** A product without its bias, and the bias on its own. */
function separate(linear: Linear): { operations: Operation[]; made: tf.Tensor[] } {
  const { output, bias } = linear.parts;
  const product = `${output}@product`;
  const shift = bias!.read().clone() as tf.Tensor1D;
  const scale = tf.onesLike(shift);
  const affine = new Affine(product, output, { coefficients: () => ({ scale, shift }) });
  affine.fixed = { scale, shift };
  return { operations: [linear.with({ output: product, bias: undefined }), affine], made: [scale, shift] };
}

/** What a model computes, ready to be run. */
export interface PreparedOperations {
  /** Each after those whose values it takes. */
  readonly operations: readonly Operation[];
  /** The tensors that were made, to be disposed with the model. */
  readonly made: readonly tf.Tensor[];
}

/**
 * Compute once what does not depend on the input: the coefficients of batch norms, and kernels that hold the batch norm
 * after them. The kernels stay as they were too, for cuts between the two and for the tape.
 *
 * @param operations All operations of a model, whose weights will not change.
 * @param outputs Ids of the model's outputs.
 */
export async function prepare(
  operations: readonly Operation[],
  outputs: readonly string[],
): Promise<PreparedOperations> {
  const made: tf.Tensor[] = [];
  for (const operation of operations) {
    if (!(operation instanceof Affine)) continue;
    const { source } = operation;
    const fixed = await source.precisely?.() ?? tf.tidy(() => source.coefficients());
    operation.fixed = fixed;
    made.push(...[fixed.scale, fixed.shift].flatMap((tensor) => tensor ?? []));
  }
  const pairs = findPairs(operations, outputs);
  const apart = await above(pairs, largestBias, (pair) => magnitude(combinedBias(pair)));
  made.push(...pairs.filter((pair) => !apart.has(pair)).flatMap(fold));
  const biased = operations.filter((operation): operation is Linear =>
    operation instanceof Linear && operation.parts.bias !== undefined && !operation.parts.fold
  );
  const large = await above(
    biased,
    largestGain,
    ({ parts }) => magnitude(parts.bias!.read()).mul(magnitude(parts.kernel.read())),
  );
  const list = operations.flatMap((operation) => {
    if (!large.has(operation)) return [operation];
    const separated = separate(operation as Linear);
    made.push(...separated.made);
    return separated.operations;
  });
  return { operations: list, made };
}
