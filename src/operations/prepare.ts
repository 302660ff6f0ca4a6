import * as tf from "../base/tfjs.ts";
import { holdOnce, holdProductOnce, isWorthHoldingOnce } from "../../backends/spare_weights.ts";
import { Affine } from "./affine.ts";
import { Linear, type LinearParts } from "./linear.ts";
import type { Operation } from "./operation.ts";
import { ScaledKernel } from "./scaled_kernel.ts";
import { fixedWeight, type Weight } from "./weight.ts";

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

/** The bias of both together, `[k]`, if there is one; made here, or the shift itself where the product has none. */
function combinedBias({ linear, affine: { fixed } }: Pair): tf.Tensor | undefined {
  const { scale, shift } = fixed!;
  const { bias } = linear.parts;
  if (!bias) return shift;
  return tf.tidy(() => {
    const scaled = scale ? bias.read().mul(scale) : bias.read();
    return shift ? scaled.add(shift) : scaled.clone();
  });
}

/** The value farthest from 0. */
async function magnitude(tensor: tf.Tensor): Promise<number> {
  return (await tensor.data<"float32">()).reduce((largest, value) => Math.max(largest, Math.abs(value)), 0);
}

/** Likewise without a copy of what may be hundreds of megabytes. */
async function magnitudeInPlace(tensor: tf.Tensor): Promise<number> {
  const largest = tf.tidy(() => tf.maximum(tensor.max(), tensor.min().neg()));
  const [value] = await largest.data();
  largest.dispose();
  return value!;
}

/** A weight's value for as long as it is looked at. */
async function lookAt<Result>(weight: Weight, look: (tensor: tf.Tensor) => Promise<Result>): Promise<Result> {
  const tensor = tf.tidy(() => weight.read().clone());
  try {
    return await look(tensor);
  } finally {
    tensor.dispose();
  }
}

/** Whether a bias is so large that the products beside it would lose their last digits. */
async function isOverwhelming({ bias, kernel }: LinearParts): Promise<boolean> {
  const size = await lookAt(bias!, magnitude);
  // Most biases are small, and most kernels smaller: they need not be looked through.
  return size > 1 && size * await lookAt(kernel, magnitudeInPlace) > largestGain;
}

/** The tensor of a weight, where it stays and is not made for each who reads it. */
function keptTensor(weight: Weight): tf.Tensor | undefined {
  let tensor: tf.Tensor | undefined;
  tf.tidy(() => void (tensor = weight.read()));
  return tensor!.isDisposed ? undefined : tensor;
}

/** How many numbers the weights of products have. */
function numbersOf(operations: readonly Operation[]): number {
  const weights = operations.flatMap((operation) =>
    operation instanceof Linear ? keptTensor(operation.parts.kernel) ?? [] : []
  );
  return [...new Set(weights)].reduce((sum, { size }) => sum + size, 0);
}

/**
 * Do a pair in one from now on.
 *
 * @param bias Of both together, where there is one.
 * @param isHeldOnce Whether the kernel as it was is not to take memory besides.
 * @returns The tensor that was made for the kernel, if one was.
 */
function fold(
  { linear, affine }: Pair,
  { bias, isHeldOnce }: { readonly bias: tf.Tensor | undefined; readonly isHeldOnce: boolean },
): tf.Tensor | undefined {
  const { scale } = affine.fixed!;
  const shape = scale && tf.tidy(() => linear.parts.kernel.read().shape);
  const kernel = shape && new ScaledKernel(shape, () => linear.scaledKernel(scale), (product) => {
    const weight = isHeldOnce ? keptTensor(linear.parts.kernel) : undefined;
    if (weight) holdProductOnce({ weight, scale, product });
  });
  linear.setFold({ affine, kernel: kernel ?? linear.parts.kernel, bias: bias && fixedWeight(bias) });
  return kernel?.tensor;
}

/** The id of a product whose bias is added on its own. */
export function productOf(output: string): string {
  return `${output}@product`;
}

/**
 * A product without its bias, and the bias on its own.
 *
 * @param made Takes the tensors that are made.
 */
function separate(linear: Linear, made: tf.Tensor[]): Operation[] {
  const { output, bias } = linear.parts;
  const product = productOf(output);
  const shift = tf.tidy(() => bias!.read().clone()) as tf.Tensor1D;
  const scale = tf.onesLike(shift);
  made.push(scale, shift);
  const affine = new Affine(product, output, { coefficients: () => ({ scale, shift }), weights: [bias!] });
  affine.fixed = { scale, shift };
  return [linear.with({ output: product, bias: undefined }), affine];
}

/** The same operations, those products that need it with their bias apart. */
async function separateBiases(operations: readonly Operation[], made: tf.Tensor[]): Promise<Operation[]> {
  const list: Operation[] = [];
  for (const operation of operations) {
    const mayBe = operation instanceof Linear && operation.parts.bias && !operation.parts.fold;
    if (mayBe && await isOverwhelming(operation.parts)) list.push(...separate(operation, made));
    else list.push(operation);
  }
  return list;
}

/**
 * Compute once what does not depend on the input: the coefficients of batch norms, and kernels that hold the batch norm
 * after them. The kernels stay as they were too, for cuts between the two and for tails with kinks.
 *
 * @param operations All operations of a model, whose weights will not change.
 * @param outputs Ids of the model's outputs.
 * @param made Takes the tensors that are made, to be disposed with the model, or if this fails.
 * @returns The operations, ready to be run.
 */
export async function prepare(
  operations: readonly Operation[],
  outputs: readonly string[],
  made: tf.Tensor[],
): Promise<Operation[]> {
  const keep = <T extends tf.Tensor>(...tensors: (T | undefined)[]) =>
    made.push(...tensors.filter((tensor) => tensor !== undefined));
  for (const operation of operations) {
    if (!(operation instanceof Affine)) continue;
    const { source } = operation;
    const fixed = await source.precisely?.() ?? tf.tidy(() => source.coefficients());
    operation.fixed = fixed;
    keep(fixed.scale, fixed.shift);
  }
  const isHeldOnce = isWorthHoldingOnce(numbersOf(operations));
  for (const pair of findPairs(operations, outputs)) {
    const bias = combinedBias(pair);
    if (bias !== pair.affine.fixed!.shift) keep(bias);
    if (!bias || await magnitude(bias) <= largestBias) keep(fold(pair, { bias, isHeldOnce }));
  }
  for (const operation of isHeldOnce ? operations : []) {
    const weight = operation instanceof Linear ? keptTensor(operation.parts.kernel) : undefined;
    if (weight) holdOnce(weight);
  }
  return await separateBiases(operations, made);
}
