/**
 * A batch norm's moving mean and variance are what its input looked like in training. So pictures with the statistics of
 * photos are run through what stands before the first one, scaled in each of the usual ways: which way gives such
 * statistics is the way that the network was trained with.
 *
 * @module
 */
import type { TensorInfo } from "../../base/tensor_info.ts";
import * as tf from "../../base/tfjs.ts";
import { quote } from "../../base/quote.ts";
import type { PixelEvidence } from "../../input/evidence.ts";
import { Activation } from "../../operations/activation.ts";
import { Affine } from "../../operations/affine.ts";
import { Convolution } from "../../operations/convolution.ts";
import { fuse } from "../../operations/fuse.ts";
import { Identity } from "../../operations/identity.ts";
import type { Operation } from "../../operations/operation.ts";
import { Padding } from "../../operations/padding.ts";
import { plan } from "../../operations/plan.ts";
import { Product } from "../../operations/product.ts";
import { measure, type Measured, orderOf, type Setting, smallest } from "./nearness.ts";
import { paintProbes, probeKinds, probeSide, type ProbeSize } from "./probe_photos.ts";
import type { Moments } from "./responses.ts";
import { findStem, isBatchNorm, type PictureWay, type Stem } from "./stem.ts";
import { waysFor } from "./ways.ts";

/** How many operations may stand before the batch norm, and how many of them with weights: farther on little is left of the pixels. */
const longest = 10;
const mostWeighted = 2;

/** How many times nearer the nearest way must be than the next to be relied upon. */
const sureMargin = 3;

/** How far it may be itself: above this the network saw something else than photos. Few channels fit by chance, too. */
const farthest = { ofMany: 0.1, ofFew: 0.02 } as const;

/** So many channels are many. */
const manyChannels = 8;

/** Height and width of pictures for a model that takes any. */
const usualSide = 224;

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

/** Of which size the pictures are, and how many: small ones where the model's own size does not matter. */
function sizeFor(stem: Pick<Setting, "stem" | "picture">, own: Omit<ProbeSize, "count">): ProbeSize {
  if (!isForAnySize(stem, own.channels)) return { ...own, count: 1 };
  const height = Math.min(own.height, probeSide), width = Math.min(own.width, probeSide);
  return { ...own, height, width, count: own.channels === 1 ? 4 : 3 };
}

/** Whether a batch norm is so near to the pixels that they show in it. */
function isNear({ before }: Stem): boolean {
  const weighted = before.filter(({ isWeighted }) => isWeighted);
  const isPicture = !before.some((operation) => operation instanceof Product);
  return isPicture && before.length <= longest && weighted.length <= mostWeighted;
}

/** Whether a way is so near that the network saw photos scaled so. */
function isNearEnough({ distance }: Measured, { means }: Moments): boolean {
  return distance <= (means.length < manyChannels ? farthest.ofFew : farthest.ofMany);
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
  const size = sizeFor({ stem, picture }, {
    height: height ?? usualSide,
    width: width ?? usualSide,
    channels,
  });
  const pictures = probeKinds(channels).map((kind) => paintProbes(kind, size));
  const setting = { stem, picture, saw, pictures, size };
  const measured = await measure(setting, waysFor(channels));
  const [first, second] = measured.sort((a, b) => a.distance - b.distance);
  if (!first || !second || !Number.isFinite(first.distance)) return undefined;
  const { nearest, otherOrder } = await orderOf(first, setting, channels);
  const margin = second.distance / Math.max(nearest.distance, smallest);
  return {
    source: "batch-norm",
    preprocessing: nearest.way,
    because: `batch norm ${quote(stem.last.outputs[0].split("/").at(-1))} saw ${
      isFrozen ? "before it was frozen" : "in training"
    }`,
    ...(isFrozen && { isTakenOver: true }),
    runnerUp: (otherOrder ?? second).way,
    margin: otherOrder ? 1 : margin,
    isSure: !isFrozen && !otherOrder && margin >= sureMargin && isNearEnough(nearest, saw),
  };
}
