import * as tf from "../../../base/tfjs.ts";
import { Affine } from "../../../operations/affine.ts";
import { channelsLast } from "../layout.ts";
import type { NodeContext, NodeTranslator, NodeTranslators } from "../translator.ts";
import { type Constant, constantOf } from "../value.ts";

/** Where a transposed convolution writes: what it makes, cut and filled up. */
interface Target {
  /** Height and width before that. */
  readonly full: readonly [number, number];
  /** What is cut off above and on the left. */
  readonly before: readonly [number, number];
  /** Height and width after that. */
  readonly sizes: readonly [number, number];
}

/** Padding that is left to the node. */
function autoPads(total: number, mode: string): [number, number] {
  const less = Math.floor(total / 2);
  return mode === "SAME_UPPER" ? [less, total - less] : [total - less, less];
}

function targetOf(
  node: NodeContext,
  extents: readonly number[],
  reach: readonly number[],
  strides: readonly number[],
): Target {
  const { attributes } = node;
  const pads = attributes.ints("pads") ?? [0, 0, 0, 0], extra = attributes.ints("output_padding") ?? [0, 0];
  const wanted = attributes.ints("output_shape"), mode = attributes.text("auto_pad", "NOTSET");
  const axes = [0, 1].map((at) => {
    const full = (extents[at]! - 1) * strides[at]! + reach[at]!;
    const size = wanted?.at(at - 2) ?? (mode.startsWith("SAME") ? extents[at]! * strides[at]! : undefined);
    if (size !== undefined) {
      const [before] = autoPads(Math.max(0, full + extra[at]! - size), mode);
      return { full, before, size };
    }
    const [before, after] = mode === "VALID" ? [0, 0] : [pads[at] ?? 0, pads[at + 2] ?? 0];
    return { full, before, size: full + extra[at]! - before - after };
  });
  if (axes.some(({ size }) => size < 1)) node.fail("gives nothing");
  return {
    full: axes.map(({ full }) => full) as [number, number],
    before: axes.map(({ before }) => before) as [number, number],
    sizes: axes.map(({ size }) => size) as [number, number],
  };
}

/** A kernel with gaps between its taps, `[c, k, kh, kw]`, since TensorFlow.js's has none. */
function dilated(kernel: Constant, [down, across]: readonly [number, number]): Constant {
  if (down === 1 && across === 1) return kernel;
  const [inputs, outputs, height, width] = kernel.shape as [number, number, number, number];
  const [rows, columns] = [(height - 1) * down + 1, (width - 1) * across + 1];
  const numbers = kernel.read(), spread = new Float32Array(inputs * outputs * rows * columns);
  for (let at = 0; at < numbers.length; at++) {
    const column = at % width,
      row = Math.floor(at / width) % height,
      filter = Math.floor(at / (width * height));
    spread[(filter * rows + row * down) * columns + column * across] = numbers[at]!;
  }
  return constantOf("float32", [inputs, outputs, rows, columns], spread);
}

/** What was made, cut and filled up to the size that is wanted. */
function fit(x: tf.Tensor4D, { full, before, sizes }: Target): tf.Tensor4D {
  const kept = sizes.map((size, at) => Math.min(size, full[at]! - before[at]!)) as [number, number];
  const isWhole = [0, 1].every((at) => before[at] === 0 && kept[at] === full[at]);
  const cut = isWhole ? x : tf.slice(x, [0, ...before, 0], [-1, ...kept, -1]);
  const rest = sizes.map((size, at) => size - kept[at]!) as [number, number];
  return rest.every((amount) => amount === 0)
    ? cut
    : tf.pad(cut, [[0, 0], [0, rest[0]], [0, rest[1]], [0, 0]]);
}

const transposedConvolution: NodeTranslator = (node) => {
  const value = node.live(0),
    given = node.constant(1) ?? node.fail("has no weights"),
    bias = node.constant(2);
  const { attributes } = node;
  if (value.shape.length !== 4 && value.shape.length !== 3) {
    node.fail(`is of ${value.shape.length - 2} axes: maps are taken of pictures`);
  }
  if (value.shape.length === 3) node.fail("is of one axis, which is not known");
  const groups = attributes.int("group", 1);
  const [pictures, channels, ...extents] = value.shape as [number, number, ...number[]];
  if (given.shape[0] !== channels || channels % groups !== 0) node.fail("has weights that do not fit");
  const strides = (attributes.ints("strides") ?? [1, 1]) as [number, number];
  const kernel = dilated(given, (attributes.ints("dilations") ?? [1, 1]) as [number, number]);
  const target = targetOf(node, extents, kernel.shape.slice(2), strides);
  const filters = kernel.shape[1]! * groups;
  const x = node.stored(value, channelsLast(4)), weight = node.weight(kernel, { order: [2, 3, 1, 0] }); // [kh, kw, k, c]
  const run = (x: tf.Tensor4D, kernel: tf.Tensor4D) => {
    const parts = groups === 1 ? [x] : tf.split<tf.Tensor4D>(x, groups, -1),
      kernels = groups === 1 ? [kernel] : tf.split<tf.Tensor4D>(kernel, groups, -1);
    const made = parts.map((part, group): tf.Tensor4D =>
      tf.conv2dTranspose(
        part,
        kernels[group]!,
        [part.shape[0], ...target.full, kernel.shape[2]],
        strides,
        "valid",
      )
    );
    return fit(made.length === 1 ? made[0]! : tf.concat<tf.Tensor4D>(made, -1), target);
  };
  const made = { shape: [pictures, filters, ...target.sizes], axes: channelsLast(4) };
  const part = bias ? "product" : undefined;
  const product = node.compute([x, weight], (x, kernel) => run(x as tf.Tensor4D, kernel as tf.Tensor4D), {
    ...made,
    part,
  });
  if (!bias) return product;
  const shift = node.weight(bias);
  const coefficients = () => ({ shift: shift.read().clone() as tf.Tensor1D });
  return node.emit(new Affine(product.id, node.id(), { coefficients }), made);
};

/** Transposed convolutions. */
export const transposedConvolutionNodes: NodeTranslators = { ConvTranspose: transposedConvolution };
