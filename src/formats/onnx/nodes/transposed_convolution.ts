import * as tf from "../../../base/tfjs.ts";
import { Affine } from "../../../operations/affine.ts";
import { countOf } from "../../../base/tensor_info.ts";
import { channelsLast } from "../layout.ts";
import type { NodeContext, NodeTranslator, NodeTranslators } from "../translator.ts";
import { type Constant, constantOf, type Live } from "../value.ts";

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

/** What a node says of height and width; of one axis, it is as of a picture of one row. */
interface Settings {
  readonly strides: readonly [number, number];
  readonly dilations: readonly [number, number];
  readonly pads: readonly number[];
  readonly extra: readonly number[];
  readonly wanted: readonly number[] | undefined;
}

function settingsOf({ attributes }: NodeContext, isRow: boolean): Settings {
  const pair = (values: readonly number[] | undefined, instead: number) =>
    values?.length ? (isRow ? [instead, values.at(-1)!] : values.slice(-2)) : [instead, instead];
  const pads = attributes.ints("pads");
  const wanted = attributes.ints("output_shape");
  return {
    strides: pair(attributes.ints("strides"), 1) as [number, number],
    dilations: pair(attributes.ints("dilations"), 1) as [number, number],
    pads: pads?.length ? (isRow ? [0, pads[0]!, 0, pads[1]!] : pads) : [0, 0, 0, 0],
    extra: pair(attributes.ints("output_padding"), 0),
    wanted: wanted?.length ? pair(wanted, 1) : undefined,
  };
}

function targetOf(
  node: NodeContext,
  extents: readonly number[],
  reach: readonly number[],
  { strides, pads, extra, wanted }: Settings,
): Target {
  const mode = node.attributes.text("auto_pad", "NOTSET");
  const axes = [0, 1].map((at) => {
    const full = (extents[at]! - 1) * strides[at]! + reach[at]!;
    const size = wanted?.[at] ?? (mode.startsWith("SAME") ? extents[at]! * strides[at]! : undefined);
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

/** A value of one axis as a picture of one row, and others as they are. */
function asPicture(node: NodeContext, value: Live): Live {
  const rank = value.shape.length;
  if (rank === 4) return value;
  if (rank !== 3) node.fail(`is of ${rank - 2} axes: maps are taken of pictures`);
  return node.reshaped(value, [...value.shape.slice(0, 2), 1, value.shape[2]!], "row");
}

const transposedConvolution: NodeTranslator = (node) => {
  const given = node.live(0), own = node.constant(1) ?? node.fail("has no weights"), bias = node.constant(2);
  const value = asPicture(node, given),
    isRow = given.shape.length === 3,
    groups = node.attributes.int("group", 1);
  const [pictures, channels, ...extents] = value.shape as [number, number, ...number[]];
  const [inputs, outputs, ...window] = own.shape as [number, number, ...number[]];
  if (inputs !== channels || channels % groups !== 0 || window.length !== given.shape.length - 2) {
    node.fail("has weights that do not fit");
  }
  if (bias && countOf(bias.shape) !== outputs * groups) node.fail("has a bias that does not fit");
  const settings = settingsOf(node, isRow);
  const reach = window.map((size, at) => size * settings.dilations.at(at - window.length)!);
  if (!(countOf(reach) <= 2 ** 20)) node.fail("has windows that are too large");
  const whole = isRow ? { ...own, shape: [inputs, outputs, 1, window[0]!] } : own;
  const { strides } = settings, kernel = dilated(whole, settings.dilations);
  const target = targetOf(node, extents, kernel.shape.slice(2), settings);
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
        [...strides],
        "valid",
      )
    );
    return fit(made.length === 1 ? made[0]! : tf.concat<tf.Tensor4D>(made, -1), target);
  };
  const made = { shape: [pictures, filters, ...target.sizes], axes: channelsLast(4) };
  const part = bias ? "product" : isRow ? "row_of" : undefined;
  const shape = [pictures, filters, target.sizes[1]];
  const product = node.compute([x, weight], (x, kernel) => run(x as tf.Tensor4D, kernel as tf.Tensor4D), {
    ...made,
    part,
  });
  if (!bias) return isRow ? node.reshaped(product, shape) : product;
  const shift = node.weight(bias);
  const coefficients = () => ({ shift: shift.read().clone() as tf.Tensor1D });
  const result = node.emit(
    new Affine(product.id, node.id(isRow ? "row_of" : undefined), { coefficients, weights: [shift] }),
    made,
  );
  return isRow ? node.reshaped(result, shape) : result;
};

/** Transposed convolutions. */
export const transposedConvolutionNodes: NodeTranslators = { ConvTranspose: transposedConvolution };
