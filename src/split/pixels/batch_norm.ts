/**
 * A batch norm's moving mean and variance are what its input looked like in training. So pictures with the statistics of
 * photos are run through what stands before the first one, scaled in each of the usual ways: which way gives such
 * statistics is the way that the network was trained with.
 *
 * @module
 */
import type { TensorInfo } from "../../base/tensor_info.ts";
import * as tf from "../../base/tfjs.ts";
import type { PixelEvidence } from "../../input/evidence.ts";
import { type Preprocessing, preprocessings } from "../../input/preprocess.ts";
import { Activation } from "../../operations/activation.ts";
import { Affine } from "../../operations/affine.ts";
import { Convolution } from "../../operations/convolution.ts";
import { fuse } from "../../operations/fuse.ts";
import { Identity } from "../../operations/identity.ts";
import type { Operation } from "../../operations/operation.ts";
import { Padding } from "../../operations/padding.ts";
import { plan } from "../../operations/plan.ts";
import { Product } from "../../operations/product.ts";
import { paintProbes, type ProbeKind, probeKinds, probeSide } from "./probe_photos.ts";
import { findStem, type PictureWay, type Stem } from "./stem.ts";

/** How many operations may stand before the batch norm, and how many of them with weights: farther on little is left of the pixels. */
const longest = 10;
const mostWeighted = 2;

/** How many times nearer the nearest way must be than the next to be relied upon. */
const sureMargin = 3;

/** How far it may be itself: above this the network saw something else than photos. */
const farthest = 0.1;

/** What is below this is a matter of the pictures. */
const smallest = 0.005;

/** How many times nearer blue first must be to be believed, and to be mentioned. */
const sureOrder = 4;
const likelyOrder = 2;

/** −0.5 … 0.5, which has no name. */
const centred: Preprocessing = { name: "centred", mean: [127.5], std: [255] };

/** Mean and variance of each channel. */
interface Moments {
  readonly means: ArrayLike<number>;
  readonly variances: ArrayLike<number>;
}

/** The ways that are compared, for so many channels. */
function waysFor(channels: number): Preprocessing[] {
  const { tf, unit, torch, caffe, none } = preprocessings;
  return channels >= 3 ? [tf, unit, centred, torch, caffe, none] : [tf, unit, centred, none];
}

function isBatchNorm(operation: Operation): operation is Affine {
  return operation instanceof Affine && operation.source.statistics !== undefined;
}

/** Whether an operation takes pictures of any size. */
function takesAnySize(operation: Operation): boolean {
  return [Activation, Affine, Convolution, Identity, Padding].some((kind) => operation instanceof kind);
}

/** Whether pictures of any size can be run through a stem: nothing before its first weights brings them to a size. */
function isForAnySize({ stem, picture }: Pick<Setting, "stem" | "picture">, channels: number): boolean {
  const weighted = stem.before.findIndex(({ isWeighted }) => isWeighted);
  const before = stem.before.slice(0, weighted < 0 ? stem.before.length : weighted);
  if (before.every(takesAnySize)) return true;
  const [last] = before.at(-1)!.outputs as readonly [string];
  const { run } = plan(fuse(before, { wanted: [last], mode: "exact" }), [picture], [last]);
  return tf.tidy(() => {
    const [value] = run(new Map([[picture, tf.zeros([1, 5, 6, channels])]]));
    const [, height, width] = value!.shape;
    return height === 5 && width === 6;
  });
}

/** Whether a batch norm is so near to the pixels that they show in it. */
function isNear({ before }: Stem): boolean {
  const weighted = before.filter(({ isWeighted }) => isWeighted);
  const isPicture = !before.some((operation) => operation instanceof Product);
  return isPicture && before.length <= longest && weighted.length <= mostWeighted;
}

/** The probes as the model would be given them. `[n, h, w, c]` */
function scale(pixels: tf.Tensor4D, { mean, std, channels: order = "rgb" }: Preprocessing): tf.Tensor4D {
  const channels = pixels.shape[3];
  const spread = (values: readonly number[]) =>
    tf.tensor1d(Array.from({ length: channels }, (_, at) => values[at] ?? values[0]!));
  const [red, green, blue, ...rest] = tf.split(pixels, channels, 3);
  const ordered = order === "bgr" && blue ? tf.concat([blue, green!, red!, ...rest], 3) : pixels;
  return ordered.sub(spread(mean)).div(spread(std));
}

/** The statistics of what comes of pictures that are scaled in some way. */
async function momentsOf(
  stem: Stem,
  picture: string,
  pixels: tf.Tensor4D,
  way: Preprocessing,
): Promise<Moments> {
  const moments = tf.tidy(() => {
    const [value] = stem.run(new Map([[picture, scale(pixels, way)]])); // [n, h', w', k]
    const { mean, variance } = tf.moments(value!, value!.shape.map((_, axis) => axis).slice(0, -1));
    return [mean, variance] as const;
  });
  try {
    const [means, variances] = await Promise.all(moments.map((one) => one.data()));
    return { means: means!, variances: variances! };
  } finally {
    tf.dispose([...moments]);
  }
}

/**
 * How far what came of the pictures is from what the batch norm saw, both taken as normal distributions of each channel:
 * the median over channels of the divergence ½ (ln(v / s) + (s + (μ − m)²) / v − 1), μ and s what was measured, m and v
 * what the batch norm holds.
 */
function distance({ means, variances }: Moments, saw: Moments): number {
  const divergences = Float64Array.from(means, (mean, channel) => {
    const spread = Math.max(variances[channel]!, 1e-12), expected = Math.max(saw.variances[channel]!, 1e-12);
    const apart = (mean - saw.means[channel]!) ** 2;
    return (Math.log(expected / spread) + (spread + apart) / expected - 1) / 2;
  }).sort();
  return divergences[divergences.length >> 1]!;
}

/** A way and how far it is. */
interface Measured {
  readonly way: Preprocessing;
  readonly distance: number;
}

/** What is measured on. */
interface Setting {
  readonly stem: Stem<Affine>;
  readonly picture: string;
  readonly saw: Moments;
  /** Pictures of several kinds; a network saw one of them. */
  readonly pictures: readonly tf.Tensor4D[];
}

/** How far a way is with the pictures that it is nearest with. */
async function measure({ stem, picture, saw, pictures }: Setting, way: Preprocessing): Promise<Measured> {
  const distances = await Promise.all(
    pictures.map(async (pixels) => distance(await momentsOf(stem, picture, pixels, way), saw)),
  );
  return { way, distance: Math.min(...distances) };
}

/** The same way with the channels in the other order. */
function turned(way: Preprocessing): Preprocessing {
  const isTurned = way.channels === "bgr";
  return isTurned ? { ...way, name: `${way.name}-rgb`, mean: way.mean.toReversed(), channels: "rgb" } : {
    ...way,
    name: `${way.name}-bgr`,
    mean: way.mean.toReversed(),
    std: way.std.toReversed(),
    channels: "bgr",
  };
}

/** The nearest way, and the order of channels that is next to it where that is hard to tell. */
interface Ordered {
  readonly nearest: Measured;
  readonly otherOrder?: Measured;
}

/** The nearest way in the nearer order of channels: red first, unless blue first is nearer by far. */
async function orderOf(nearest: Measured, setting: Setting, channels: number): Promise<Ordered> {
  if (channels < 3) return { nearest };
  const other = await measure(setting, turned(nearest.way));
  const times = Math.max(nearest.distance, smallest) / Math.max(other.distance, smallest);
  if (times >= sureOrder) return { nearest: other };
  return times >= likelyOrder ? { nearest, otherOrder: other } : { nearest };
}

/** The pictures as pixels, 0 to 255. `[n, h, w, c]` */
function paint(kind: ProbeKind, side: { height: number; width: number }, channels: number): tf.Tensor4D {
  const { data, count } = paintProbes(kind, { ...side, channels });
  return tf.tensor4d(data, [count, side.height, side.width, channels]);
}

/** What the batch norm saw in training. */
async function statisticsOf({ last }: Stem<Affine>): Promise<Moments & { readonly isFrozen: boolean }> {
  let isFrozen = false;
  const read = tf.tidy(() => { // some may be made for this
    const { mean, variance, isFrozen: frozen = false } = last.source.statistics!();
    isFrozen = frozen;
    return [mean.clone(), variance.clone()] as const;
  });
  try {
    const [means, variances] = await Promise.all(read.map((one) => one.data()));
    return { means: means!, variances: variances!, isFrozen };
  } finally {
    tf.dispose([...read]);
  }
}

/** Whether no training has been at a batch norm: it has means of 0 and variances of 1. */
function isUntouched({ means, variances }: Moments): boolean {
  return Array.from(means).every((mean) => mean === 0) &&
    Array.from(variances).every((variance) => variance === 1);
}

/**
 * How a model was trained to see pixels, as its first batch norm tells.
 *
 * @param way Where the picture goes.
 * @param info The shape of the input that takes it.
 * @returns `undefined` if there is no batch norm near the pixels.
 */
export async function batchNormEvidence(
  way: PictureWay,
  { shape }: TensorInfo,
): Promise<PixelEvidence | undefined> {
  const stem = findStem(way, isBatchNorm);
  if (!stem || !isNear(stem)) return undefined;
  const saw = await statisticsOf(stem);
  const { isFrozen } = saw;
  if (isUntouched(saw)) return undefined;
  const { picture } = way;
  const [, height, width, depth] = shape;
  const channels = depth ?? 3;
  const isFree = isForAnySize({ stem, picture }, channels);
  const side = (size: number | null | undefined) =>
    isFree ? Math.min(size ?? probeSide, probeSide) : size ?? probeSide;
  const sides = { height: side(height), width: side(width) };
  const pictures = probeKinds(channels).map((kind) => paint(kind, sides, channels));
  try {
    const setting = { stem, picture, saw, pictures };
    const measured = await Promise.all(waysFor(channels).map((way) => measure(setting, way)));
    const [first, second] = measured.sort((a, b) => a.distance - b.distance);
    if (!first || !second || !Number.isFinite(first.distance)) return undefined;
    const { nearest, otherOrder } = await orderOf(first, setting, channels);
    const margin = second.distance / Math.max(nearest.distance, smallest);
    return {
      source: "batch-norm",
      preprocessing: nearest.way,
      because: `batch norm "${stem.last.outputs[0].split("/").at(-1)}" saw ${
        isFrozen ? "before it was frozen" : "in training"
      }`,
      ...(isFrozen && { isTakenOver: true }),
      runnerUp: (otherOrder ?? second).way,
      margin: otherOrder ? 1 : margin,
      isSure: !isFrozen && !otherOrder && margin >= sureMargin && nearest.distance <= farthest,
    };
  } finally {
    tf.dispose(pictures);
  }
}
