import * as tf from "../../../base/tfjs.ts";
import { axisOf } from "../arrays/array.ts";
import { channelsLast, sameAxes } from "../layout.ts";
import type { NodeContext, NodeTranslator, NodeTranslators } from "../translator.ts";
import { own as known } from "../own.ts";
import { constantOf, type Live } from "../value.ts";
import {
  type AxisResize,
  nearestIndices,
  outsideMarks,
  placeOf,
  resizeMatrix,
  type ResizeRules,
} from "./resize_axis.ts";

/** How each axis is resized. */
function axesOf(node: NodeContext, x: Live): AxisResize[] {
  const isUpsample = node.op === "Upsample", hasRegion = node.opset >= 11 && !isUpsample;
  const scales = node.numbers(hasRegion ? 2 : 1) ?? node.attributes.floats("scales");
  const sizes = hasRegion ? node.numbers(3) : undefined;
  const region = hasRegion ? node.numbers(1) : undefined;
  const rank = x.shape.length;
  const own = node.attributes.ints("axes")?.map((axis) => axisOf(axis, rank)) ??
    x.shape.map((_, axis) => axis);
  const given = sizes?.length ? sizes : scales?.length ? scales : node.fail("has no scales and no sizes");
  if (given.length !== own.length) node.fail("has scales that do not fit");
  const policy = node.attributes.text("keep_aspect_ratio_policy", "stretch");
  const ratios = own.map((axis, at) => sizes?.length ? sizes[at]! / x.shape[axis]! : scales![at]!);
  const common = policy === "not_larger"
    ? Math.min(...ratios)
    : policy === "not_smaller"
    ? Math.max(...ratios)
    : undefined;
  return x.shape.map((from, axis) => {
    const at = own.indexOf(axis);
    if (at < 0) return { from, to: from, scale: 1, region: [0, 1] };
    const scale = sizes?.length && common !== undefined ? common : ratios[at]!;
    const to = sizes?.length && common === undefined
      ? sizes[at]!
      : sizes?.length
      ? Math.round(scale * from)
      : Math.floor(Math.fround(from * scale)); // in single precision, as others compute it
    const bounds = region?.length ? [region[at]!, region[at + own.length]!] as const : [0, 1] as const;
    if (!(to > 0)) node.fail("gives nothing");
    return { from, to, scale, region: bounds };
  });
}

function rulesOf(node: NodeContext): ResizeRules {
  const { attributes } = node, isOld = node.op === "Upsample" || node.opset < 11;
  return {
    mode: attributes.text("mode", "nearest"),
    coordinates: attributes.text("coordinate_transformation_mode", isOld ? "asymmetric" : "half_pixel"),
    nearest: attributes.text("nearest_mode", isOld ? "floor" : "round_prefer_floor"),
    cubic: attributes.float("cubic_coeff_a", -0.75),
    excludesOutside: attributes.int("exclude_outside", 0) === 1,
    antialias: attributes.int("antialias", 0) === 1,
  };
}

/** How TensorFlow.js's kernels place pixels, by the rules that they are named after. */
const kernels: Readonly<
  Record<string, { readonly alignCorners: boolean; readonly halfPixelCenters: boolean }>
> = {
  align_corners: { alignCorners: true, halfPixelCenters: false },
  asymmetric: { alignCorners: false, halfPixelCenters: false },
  half_pixel: { alignCorners: false, halfPixelCenters: true },
  pytorch_half_pixel: { alignCorners: false, halfPixelCenters: true },
};

/** Whether a kernel of TensorFlow.js's does it: pictures, whose sizes are exactly as many times as large. */
function hasKernel(x: Live, axes: readonly AxisResize[]): boolean {
  const isExact = axes.every(({ from, to, scale }) =>
    Math.abs(to / from - scale) < 1e-6 && (to > 1 || from === 1)
  );
  const isPicture = x.shape.length === 4 && sameAxes(x.axes, channelsLast(4));
  return isExact && isPicture && axes.slice(0, 2).every(({ from, to }) => from === to);
}

/** Whether indices are those of numbers repeated so often. */
function areRepeated(indices: Int32Array, { from, to }: AxisResize): boolean {
  return indices.every((index, at) => index === Math.floor(at * from / to));
}

function nearest(node: NodeContext, x: Live, axes: readonly AxisResize[], rules: ResizeRules): Live {
  const made = { shape: axes.map(({ to }) => to), axes: x.axes };
  const indices = axes.map((axis) => nearestIndices(rules, axis));
  const repeats = indices.every((own, axis) => areRepeated(own, axes[axis]!));
  if (repeats && hasKernel(x, axes)) {
    const size: [number, number] = [axes[2]!.to, axes[3]!.to];
    return node.compute([x], (x) => tf.image.resizeNearestNeighbor(x as tf.Tensor4D, size), made);
  }
  const changed = x.axes.flatMap((axis, place) => {
    const isKept = indices[axis]!.every((index, at) => index === at) && axes[axis]!.from === axes[axis]!.to;
    return isKept ? [] : [{ axis, place }];
  });
  const weights = changed.map(({ axis }) => constantOf("int32", [axes[axis]!.to], indices[axis]!));
  const run = (x: tf.Tensor, ...own: tf.Tensor[]) =>
    own.reduce((value, indices, at) => tf.gather(value, indices as tf.Tensor1D, changed[at]!.place), x);
  return node.compute([x, ...weights], (x, ...own) => own.length === 0 ? x!.clone() : run(x!, ...own), made);
}

/** The product of a matrix `[to, from]` with each vector along an axis. */
function alongAxis(x: tf.Tensor, matrix: tf.Tensor, place: number): tf.Tensor {
  const [to, from] = matrix.shape as [number, number];
  const before = tf.util.sizeFromShape(x.shape.slice(0, place)),
    behind = tf.util.sizeFromShape(x.shape.slice(place + 1));
  const product = tf.matMul(matrix.reshape([1, to, from]), x.reshape([before, from, behind]));
  return product.reshape([...x.shape.slice(0, place), to, ...x.shape.slice(place + 1)]);
}

/** A value whose places outside are another number. */
function withOutside(node: NodeContext, x: Live, axes: readonly AxisResize[], rules: ResizeRules): Live {
  const value = node.attributes.float("extrapolation_value", 0);
  const marks = axes.map((axis) => outsideMarks(rules, axis));
  const stored = x.axes.map((axis) => axis);
  const weights = stored.map((axis, place) => {
    const shape = stored.map((_, at) => at === place ? axes[axis]!.to : 1);
    return constantOf("float32", shape, marks[axis]!.map((mark) => 1 - mark));
  });
  return node.compute([x, ...weights], (x, ...inside) => {
    const all = inside.reduce((product, one) => product.mul(one));
    return x!.mul(all).add(tf.sub(1, all).mul(value));
  }, { ...x });
}

function curved(node: NodeContext, x: Live, axes: readonly AxisResize[], rules: ResizeRules): Live {
  const made = { shape: axes.map(({ to }) => to), axes: x.axes };
  const kernel = known(kernels, rules.coordinates);
  const isCrop = rules.coordinates === "tf_crop_and_resize";
  if (kernel && rules.mode === "linear" && !rules.antialias && !rules.excludesOutside && hasKernel(x, axes)) {
    const { alignCorners, halfPixelCenters } = kernel, size: [number, number] = [axes[2]!.to, axes[3]!.to];
    const run = (x: tf.Tensor4D) => tf.image.resizeBilinear(x, size, alignCorners, halfPixelCenters);
    return node.compute([x], (x) => run(x as tf.Tensor4D), made);
  }
  const changed = x.axes.flatMap((axis, place) => {
    const { from, to } = axes[axis]!;
    return from === to && !isCrop ? [] : [{ axis, place }];
  });
  const weights = changed.map(({ axis }) => {
    const { from, to } = axes[axis]!;
    return constantOf("float32", [to, from], resizeMatrix(rules, axes[axis]!));
  });
  const part = isCrop ? "resized" : undefined;
  const result = node.compute(
    [x, ...weights],
    (x, ...matrices) =>
      matrices.reduce((value, matrix, at) => alongAxis(value, matrix, changed[at]!.place), x!).clone(),
    { ...made, part },
  );
  return isCrop ? withOutside(node, result, axes, rules) : result;
}

const resize: NodeTranslator = (node) => {
  const given = node.live(0), rules = rulesOf(node);
  const x = given.shape.length === 4 ? node.stored(given, channelsLast(4)) : given;
  const axes = axesOf(node, x);
  if (!placeOf(rules, axes[0]!)) {
    node.fail(`resizes by ${JSON.stringify(rules.coordinates)}, which is not known`);
  }
  if (rules.mode !== "nearest") return curved(node, x, axes, rules);
  const isCrop = rules.coordinates === "tf_crop_and_resize";
  const result = nearest(node, x, axes, rules);
  return isCrop ? withOutside(node, result, axes, rules) : result;
};

/** Other heights and widths. */
export const resizeNodes: NodeTranslators = { Resize: resize, Upsample: resize };
