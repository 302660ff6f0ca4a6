import * as tf from "../../../base/tfjs.ts";
import { countOf } from "../../../base/tensor_info.ts";
import { Part } from "../../../operations/part.ts";
import { axisOf } from "../arrays/array.ts";
import {
  expandedShape,
  reshapedShape,
  sliceRanges,
  splitSizes,
  squeezedShape,
  unsqueezedShape,
} from "../arrays/shapes.ts";
import { inOrder, storedShape } from "../layout.ts";
import type { NodeContext, NodeTranslator, NodeTranslators } from "../translator.ts";
import { type Constant, constantOf, type Live } from "../value.ts";
import { align } from "./broadcast.ts";

/** Numbers that are given as an attribute, or from some opset on as an input. */
export function given(node: NodeContext, name: string, input: number): readonly number[] | undefined {
  return node.numbers(input) ?? node.attributes.ints(name);
}

const reshape: NodeTranslator = (node) => {
  const x = node.live(0), target = given(node, "shape", 1) ?? node.fail("has no shape");
  return node.reshaped(x, reshapedShape(x.shape, target, node.attributes.int("allowzero", 0) === 1));
};

const flatten: NodeTranslator = (node) => {
  const x = node.live(0), axis = node.attributes.int("axis", 1);
  const at = axis < 0 ? axis + x.shape.length : axis;
  return node.reshaped(x, [countOf(x.shape.slice(0, at)), countOf(x.shape.slice(at))]);
};

/** A value with its axes in another order. Nothing is moved: what was stored where an axis stood is now another axis. */
export function transposed(x: Live, order: readonly number[]): Live {
  return {
    ...x,
    shape: order.map((axis) => x.shape[axis]!),
    axes: x.axes.map((axis) => order.indexOf(axis)),
  };
}

const transpose: NodeTranslator = (node) => {
  const x = node.live(0);
  const order = node.attributes.ints("perm") ?? inOrder(x.shape.length).toReversed();
  if (order.toSorted((a, b) => a - b).join() !== inOrder(x.shape.length).join()) {
    node.fail("has no order of all axes");
  }
  return transposed(x, order);
};

const concat: NodeTranslator = (node) => {
  const values = node.inputs.map((_, at) => node.input(at));
  const rank = values[0]!.shape.length, axis = axisOf(node.attributes.int("axis", 1), rank);
  const fit = values.every(({ shape }) =>
    shape.length === rank && shape.every((size, at) => at === axis || size === values[0]!.shape[at])
  );
  if (!fit) node.fail("joins values whose shapes do not fit");
  const [largest] = values.filter((value) => value.kind === "live")
    .toSorted((a, b) => countOf(b.shape) - countOf(a.shape)) as [Live];
  const { axes } = largest;
  const operands = values.map((value) =>
    value.kind === "live" ? node.stored(value, axes) : node.weight(value, { order: axes })
  );
  const place = axes.indexOf(axis);
  const length = values.reduce((sum, { shape }) => sum + shape[axis]!, 0);
  return node.compute(operands, (...parts) => concatenate(parts, place), {
    shape: largest.shape.with(axis, length),
    axes,
  });
};

/** Constants are joined to each of several pictures. */
function concatenate(parts: readonly tf.Tensor[], axis: number): tf.Tensor {
  const pictures = Math.max(...parts.map(({ shape }) => shape[0]!));
  return tf.concat(
    parts.map((part) => {
      if (axis === 0 || part.shape[0] === pictures || part.shape[0] !== 1) return part;
      return part.mul(tf.ones([pictures, ...part.shape.slice(1).map(() => 1)], part.dtype));
    }),
    axis,
  );
}

/** What is taken of a value along its logical axes. */
interface Taken {
  readonly starts: readonly number[];
  readonly steps: readonly number[];
  readonly shape: readonly number[];
}

/** Part of a value, along each axis from a start in steps. */
export function partOf(node: NodeContext, x: Live, { starts, steps, shape }: Taken, part?: string): Live {
  const stored = { starts: x.axes.map((axis) => starts[axis]!), steps: x.axes.map((axis) => steps[axis]!) };
  const full = storedShape(x), sizes = x.axes.map((axis) => shape[axis]!);
  const isWhole = (at: number) => stored.steps[at] === 1 && sizes[at] === full[at];
  if (stored.steps.every((step) => step === 1)) {
    const cut = sizes.map((size, at) => isWhole(at) ? -1 : size);
    return node.emit(new Part(x.id, node.id(part), stored.starts, cut), {
      shape,
      axes: x.axes,
      type: x.type,
    });
  }
  const run = (tensor: tf.Tensor) => {
    const backwards = stored.steps.flatMap((step, at) => step < 0 ? [at] : []);
    const turned = backwards.length > 0 ? tf.reverse(tensor, backwards) : tensor;
    const begins = stored.starts.map((start, at) => stored.steps[at]! < 0 ? full[at]! - 1 - start : start);
    if (stored.steps.every((step) => Math.abs(step) === 1)) {
      return tf.slice(turned, begins, sizes.map((size, at) => isWhole(at) ? -1 : size));
    }
    const ends = begins.map((begin, at) =>
      isWhole(at) ? tensor.shape[at]! : begin + (sizes[at]! - 1) * Math.abs(stored.steps[at]!) + 1
    );
    return tf.stridedSlice(turned, begins, ends, stored.steps.map(Math.abs));
  };
  return node.compute([x], (x) => run(x!), { shape, axes: x.axes, type: x.type, part });
}

const slice: NodeTranslator = (node) => {
  const x = node.live(0);
  const ranges = sliceRanges(x.shape, {
    starts: given(node, "starts", 1) ?? [],
    ends: given(node, "ends", 2) ?? [],
    axes: given(node, "axes", 3),
    steps: node.numbers(4),
  });
  return partOf(node, x, ranges);
};

const split: NodeTranslator = (node) => {
  const x = node.live(0), axis = axisOf(node.attributes.int("axis", 0), x.shape.length);
  const sizes = splitSizes(x.shape[axis]!, node.outputs, given(node, "split", 1));
  let start = 0;
  return sizes.map((size, at) => {
    const starts = x.shape.map((_, one) => one === axis ? start : 0);
    start += size;
    return partOf(
      node,
      x,
      { starts, steps: x.shape.map(() => 1), shape: x.shape.with(axis, size) },
      `part${at}`,
    );
  });
};

/** The order in which axes are stored where some axes stand in the place of one. */
function replaced(axes: readonly number[], axis: number, count: number): number[] {
  return axes.flatMap((one) => {
    if (one === axis) return Array.from({ length: count }, (_, at) => axis + at);
    return one < axis ? one : one + count - 1;
  });
}

const gather: NodeTranslator = (node) => {
  const x = node.live(0), axis = axisOf(node.attributes.int("axis", 0), x.shape.length);
  const indices = node.input(1), size = x.shape[axis]!;
  const shape = [...x.shape.slice(0, axis), ...indices.shape, ...x.shape.slice(axis + 1)];
  const axes = replaced(x.axes, axis, indices.shape.length), place = x.axes.indexOf(axis);
  if (indices.kind === "live") {
    const own = node.stored(indices, inOrder(indices.shape.length));
    const run = (x: tf.Tensor, at: tf.Tensor) =>
      tf.gather(x, at.add(tf.less(at, 0).mul(size)).cast("int32"), place);
    return node.compute([x, own], (x, at) => run(x!, at!), { shape, axes });
  }
  const numbers = Array.from(indices.read(), (index) => index < 0 ? index + size : index);
  if (numbers.some((index) => index < 0 || index >= size)) node.fail("takes what is not there");
  if (indices.shape.length === 0) {
    const starts = x.shape.map((_, one) => one === axis ? numbers[0]! : 0);
    const part = partOf(
      node,
      x,
      { starts, steps: x.shape.map(() => 1), shape: x.shape.with(axis, 1) },
      "one",
    );
    return node.reshaped(part, shape);
  }
  const own = node.weight(constantOf("int32", indices.shape, Int32Array.from(numbers)));
  return node.compute([x, own], (x, at) => tf.gather(x!, at!, place), { shape, axes });
};

const expand: NodeTranslator = (node) => {
  const x = node.live(0);
  const shape = expandedShape(x.shape, node.numbers(1) ?? node.fail("has no shape"));
  if (shape.length === x.shape.length && shape.every((size, at) => size === x.shape[at])) return x;
  const ones = constantOf("float32", shape, new Float32Array(countOf(shape)).fill(1));
  const { operands, axes } = align(node, [x, spreadOnes(ones, x)]);
  const type = x.type;
  // WebAssembly's kernel for tiling takes fifty times as long as its product.
  return node.compute(operands, (x, ones) => tf.mul(x!.cast("float32"), ones!).cast(x!.dtype), {
    shape,
    axes,
    type,
  });
};

/** Ones along the axes that a value is spread over alone, so that several pictures stay as many. */
function spreadOnes(ones: Constant, x: Live): Constant {
  const lead = ones.shape.length - x.shape.length;
  const shape = ones.shape.map((size, axis) => axis >= lead && x.shape[axis - lead] === size ? 1 : size);
  return constantOf("float32", shape, new Float32Array(countOf(shape)).fill(1));
}

/** A value repeated along an axis: TensorFlow.js's own way back ends at four axes. */
function repeated(x: tf.Tensor, place: number, count: number): tf.Tensor {
  if (count === 1) return x;
  const before = tf.util.sizeFromShape(x.shape.slice(0, place));
  const ones = tf.ones([1, count, 1], x.dtype === "int32" ? "int32" : "float32");
  const rows = x.reshape([before, 1, x.size / before]).mul(ones);
  return rows.reshape(x.shape.map((size, at) => at === place ? size * count : size)).cast(x.dtype);
}

const tile: NodeTranslator = (node) => {
  const x = node.live(0), repeats = node.numbers(1) ?? node.fail("has no repeats");
  const shape = x.shape.map((size, axis) => size * (repeats[axis] ?? 1));
  const order = x.axes.map((axis) => repeats[axis] ?? 1);
  return node.compute(
    [x],
    (x) => order.reduce((value, count, place) => repeated(value, place, count), x!).clone(),
    { shape, axes: x.axes },
  );
};

const squeeze: NodeTranslator = (node) => {
  const x = node.live(0);
  return node.reshaped(x, squeezedShape(x.shape, given(node, "axes", 1)));
};

const unsqueeze: NodeTranslator = (node) => {
  const x = node.live(0);
  return node.reshaped(x, unsqueezedShape(x.shape, given(node, "axes", 1) ?? node.fail("has no axes")));
};

/** Shapes, parts and orders. */
export const shapingNodes: NodeTranslators = {
  Concat: concat,
  Expand: expand,
  Flatten: flatten,
  Gather: gather,
  Reshape: reshape,
  Slice: slice,
  Split: split,
  Squeeze: squeeze,
  Tile: tile,
  Transpose: transpose,
  Unsqueeze: unsqueeze,
};
