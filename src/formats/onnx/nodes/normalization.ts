import * as tf from "../../../base/tfjs.ts";
import { Affine } from "../../../operations/affine.ts";
import { batchNorm } from "../../../operations/batch_norm.ts";
import { Normalization } from "../../../operations/normalization.ts";
import { axisOf } from "../arrays/array.ts";
import { reshapedShape } from "../arrays/shapes.ts";
import { channelsLast, inOrder } from "../layout.ts";
import type { NodeContext, NodeTranslator, NodeTranslators } from "../translator.ts";
import type { Constant, Live, Value } from "../value.ts";
import { alignConstant } from "./broadcast.ts";

const batchNormalization: NodeTranslator = (node) => {
  const value = node.live(0);
  if (node.attributes.int("training_mode", 0) === 1) node.fail("is as in training, which has no maps");
  const weights = [1, 2, 3, 4].map((index) => {
    const constant = node.constant(index) ?? node.fail("has no statistics");
    if (constant.shape.length !== 1 || constant.shape[0] !== (value.shape[1] ?? 1)) {
      node.fail("has statistics that do not fit");
    }
    return node.weight(constant);
  });
  const [gamma, beta, mean, variance] = weights;
  const epsilon = node.attributes.float("epsilon", 1e-5);
  const x = value.shape.length < 2 ? value : node.stored(value, channelsLast(value.shape.length));
  const source = batchNorm(() => ({
    gamma: gamma!.read() as tf.Tensor1D,
    beta: beta!.read() as tf.Tensor1D,
    mean: mean!.read() as tf.Tensor1D,
    variance: variance!.read() as tf.Tensor1D,
    epsilon,
  }));
  return node.emit(new Affine(x.id, node.id(), { ...source, weights }), { ...x });
};

/** A weight that is spread over a value, as that is stored. */
function along(node: NodeContext, x: Live, constant: Constant | undefined) {
  return constant && alignConstant(node, constant, x.axes);
}

/** Over all axes from one on: of a token or of a pixel, as its channels are; or over those that a joined node names. */
function overAxes(isCentred: boolean): NodeTranslator {
  return (node) => {
    const x = node.live(0), rank = x.shape.length, first = axisOf(node.attributes.int("axis", -1), rank);
    const named = node.attributes.ints("axes")?.map((axis) => axisOf(axis, rank));
    const axes = new Set(named ?? inOrder(rank).slice(first));
    if (axes.has(x.axes[0]!)) node.mixesPictures();
    const weights = [1, 2].map((index) => isCentred || index === 1 ? node.constant(index) : undefined);
    const fits = weights.every((weight) => !weight || staysWithin(weight.shape, x.shape));
    const [scale, shift] = fits ? weights.map((weight) => along(node, x, weight)) : [];
    const operation = new Normalization(x.id, node.id(fits ? undefined : "normal"), {
      axes: x.axes.flatMap((one, place) => axes.has(one) ? [place === rank - 1 ? -1 : place] : []),
      epsilon: node.attributes.float("epsilon", 1e-5),
      isCentred,
      scale,
      shift,
    });
    const normal = node.emit(operation, { ...x });
    return [
      fits ? normal : spreadWeights(node, normal, weights),
      ...(node.gives(1) || node.gives(2) ? statistics(node, x, axes) : []),
    ];
  };
}

/** Whether what is spread over a shape leaves it as it is. */
function staysWithin(shape: readonly number[], over: readonly number[]): boolean {
  const lead = over.length - shape.length;
  return lead >= 0 && shape.every((size, at) => size === 1 || size === over[lead + at]);
}

/** A value times a weight and with another, where those have more numbers than it. */
function spreadWeights(node: NodeContext, x: Live, [scale, shift]: readonly (Constant | undefined)[]): Value {
  const scaled = scale ? node.as("Mul", [x, scale], shift && { part: "scaled" }) : x;
  return shift ? node.as("Add", [scaled, shift]) : scaled;
}

/** Mean and inverse deviation over some axes. */
function statistics(node: NodeContext, x: Live, axes: ReadonlySet<number>): Live[] {
  const places = x.axes.flatMap((one, place) => axes.has(one) ? [place] : []);
  const shape = x.shape.map((size, one) => axes.has(one) ? 1 : size),
    epsilon = node.attributes.float("epsilon", 1e-5);
  const mean = (x: tf.Tensor) => x.mean(places, true);
  const inverse = (x: tf.Tensor) => mean(x.sub(mean(x)).square()).add(epsilon).rsqrt();
  return [
    node.compute([x], (x) => mean(x!), { shape, axes: x.axes, part: "mean" }),
    node.compute([x], (x) => inverse(x!), { shape, axes: x.axes, part: "deviation" }),
  ];
}

/** A vector of the channels as an array that is spread over `[N, C, …]`. */
function ofChannels(constant: Constant, rank: number): Constant {
  return { ...constant, shape: [constant.shape[0]!, ...new Array(rank - 2).fill(1)] };
}

const instanceNormalization: NodeTranslator = (node) => {
  const x = node.live(0), rank = x.shape.length;
  const [scale, shift] = [1, 2].map((index) => {
    const constant = node.constant(index) ?? node.fail("has no weights");
    if (constant.shape.length !== 1 || constant.shape[0] !== x.shape[1]) {
      node.fail("has weights that do not fit");
    }
    return along(node, x, ofChannels(constant, rank));
  });
  const operation = new Normalization(x.id, node.id(), {
    axes: x.axes.flatMap((axis, place) => axis > 1 ? [place] : []),
    epsilon: node.attributes.float("epsilon", 1e-5),
    isCentred: true,
    scale,
    shift,
  });
  return node.emit(operation, { ...x });
};

/** Whether a constant holds one number alone. */
function isAll(constant: Constant, number: number): boolean {
  return constant.read().every((value) => value === number);
}

/** Channels in groups, each with a mean and a variance of its own. */
function inGroups(node: NodeContext, x: Live, groups: number): Live {
  const [pictures, channels, ...sizes] = x.shape as [number, number, ...number[]];
  if (channels % groups !== 0) node.fail("has groups that do not fit");
  const apart = node.reshaped(x, [pictures, groups, channels / groups, ...sizes], "groups");
  const weights = [1, 2].map((index) => {
    const constant = node.constant(index) ?? node.fail("has no weights");
    const [count] = constant.shape;
    if (count !== channels && count !== groups) node.fail("has weights that do not fit");
    if (isAll(constant, index === 1 ? 1 : 0)) return undefined;
    const own = count === channels ? [groups, channels / groups] : [groups, 1]; // of a group up to opset 20
    return along(node, apart, { ...constant, shape: [...own, ...sizes.map(() => 1)] });
  });
  const operation = new Normalization(apart.id, node.id("normal"), {
    axes: apart.axes.flatMap((axis, place) => axis > 1 ? [place] : []),
    epsilon: node.attributes.float("epsilon", 1e-5),
    isCentred: true,
    scale: weights[0],
    shift: weights[1],
  });
  return node.reshaped(node.emit(operation, { ...apart }), x.shape);
}

/**
 * A normalisation of instances between two shapes that are given, its fourth and fifth input: if it is none of groups of
 * channels, all three are done one after the other.
 */
function betweenShapes(node: NodeContext): Value {
  const x = node.live(0), [pictures, channels] = x.shape;
  const shapes = [3, 4].map((index) => node.numbers(index) ?? node.fail("has no shape"));
  const apart = reshapedShape(x.shape, shapes[0]!), whole = reshapedShape(apart, shapes[1]!);
  const isOfGroups = apart.length === 3 && apart[0] === pictures && channels! % apart[1]! === 0;
  if (isOfGroups && whole.join() === x.shape.join()) return inGroups(node, x, apart[1]!);
  const laid = node.as("Reshape", [x, node.input(3)], { part: "apart" });
  const normal = node.as("InstanceNormalization", [laid, node.input(1), node.input(2)], { part: "normal" });
  return node.as("Reshape", [normal, node.input(4)]);
}

const groupNormalization: NodeTranslator = (node) =>
  node.inputs.length > 3
    ? betweenShapes(node)
    : inGroups(node, node.live(0), node.attributes.int("num_groups", 1));

/** Each number divided by what its neighbours among the channels make. */
const localResponse: NodeTranslator = (node) => {
  const value = node.live(0), rank = value.shape.length;
  const size = node.attributes.int("size", 1), alpha = node.attributes.float("alpha", 1e-4);
  const beta = node.attributes.float("beta", 0.75), bias = node.attributes.float("bias", 1);
  const x = node.stored(value, channelsLast(rank));
  const before = Math.floor((size - 1) / 2), after = Math.ceil((size - 1) / 2);
  return node.compute([x], (x) => {
    const around = inOrder(rank).map((axis): [number, number] =>
      axis === rank - 1 ? [before, after] : [0, 0]
    );
    const squares = tf.pad(x!.square(), around);
    const shares = Array.from(
      { length: size },
      (_, at) =>
        squares.slice([...new Array(rank - 1).fill(0), at], [
          ...new Array(rank - 1).fill(-1),
          x!.shape.at(-1)!,
        ]),
    );
    return x!.mul(shares.reduce((sum, one) => sum.add(one)).mul(alpha / size).add(bias).pow(-beta));
  }, { ...x });
};

/** Lengths brought to 1 along an axis. */
const lpNormalization: NodeTranslator = (node) => {
  const x = node.live(0), place = x.axes.indexOf(axisOf(node.attributes.int("axis", -1), x.shape.length));
  const isFirst = node.attributes.int("p", 2) === 1;
  return node.compute([x], (x) => {
    const length = isFirst ? x!.abs().sum(place, true) : x!.square().sum(place, true).sqrt();
    return tf.divNoNan(x!, length);
  }, { ...x });
};

/** Mean and variance taken out over pictures, height and width. */
const meanVariance: NodeTranslator = (node) => {
  const x = node.live(0), axes = node.attributes.ints("axes") ?? [0, 2, 3];
  const own = new Set(axes.map((axis) => axisOf(axis, x.shape.length)));
  const operation = new Normalization(x.id, node.id(), {
    axes: x.axes.flatMap((axis, place) => own.has(axis) ? [place] : []),
    epsilon: 1e-9,
    isCentred: true,
  });
  return node.emit(operation, { ...x });
};

/** Normalisations. */
export const normalizationNodes: NodeTranslators = {
  BatchNormalization: batchNormalization,
  GroupNormalization: groupNormalization,
  InstanceNormalization: instanceNormalization,
  LayerNormalization: overAxes(true),
  LpNormalization: lpNormalization,
  LRN: localResponse,
  MeanVarianceNormalization: meanVariance,
  RMSNormalization: overAxes(false),
};
