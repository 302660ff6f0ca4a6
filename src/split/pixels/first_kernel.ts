import * as tf from "../../base/tfjs.ts";
import type { PixelEvidence } from "../../input/evidence.ts";
import { preprocessings } from "../../input/preprocess.ts";
import { Affine } from "../../operations/affine.ts";
import { Linear } from "../../operations/linear.ts";
import type { Weight } from "../../operations/weight.ts";
import type { Operation } from "../../operations/operation.ts";
import { findStem, type PictureWay } from "./stem.ts";

/** How many operations may stand before it. */
const longest = 12;

/** Below this the filters of a first kernel are so weak that a division of pixels must have been taken into them. */
const weakest = 0.02;

/** The same of a kernel that TensorFlow's optimiser has named after what it multiplied into it. */
const weakestOfFolded = 0.2;

/** How it names such a kernel. */
const foldedName = /FoldMultiplyInto|_scaled_/;

/** What of all filters is this strong at most: some are dead in any network. */
const share = 0.9;

/** So few weights in a filter, or filters in a kernel, may be weak by chance. */
const fewest = { weights: 9, filters: 4 } as const;

function isLinear(operation: Operation): operation is Linear {
  return operation instanceof Linear;
}

/** How strong each filter of a kernel is, √Σ w² over all but the last axis, in rising order. */
async function strengthsOf(weight: Weight): Promise<Float32Array> {
  const strengths = tf.tidy(() => {
    const kernel = weight.read();
    return kernel.square().sum(kernel.shape.map((_, axis) => axis).slice(0, -1)).sqrt();
  });
  try {
    return (await strengths.data<"float32">()).toSorted();
  } finally {
    strengths.dispose();
  }
}

/**
 * Whether a scaling is within a model's first weights. TensorFlow's optimiser multiplies a Rescaling into the kernel after
 * it, which then is 255 times weaker than any that was trained: kernels begin at about 1 and hardly leave its order. Where
 * a batch norm was multiplied in as well, which makes it stronger, its name tells.
 *
 * @param way Where the picture goes.
 * @returns `undefined` if it is not.
 */
export async function firstKernelEvidence(way: PictureWay): Promise<PixelEvidence | undefined> {
  const stem = findStem(way, isLinear);
  if (!stem || stem.before.length > longest) return undefined;
  const { kernel } = stem.last.parts;
  // It may be made for this alone.
  const { filters, size, name } = tf.tidy(() => {
    const tensor = kernel.read();
    return { filters: tensor.shape.at(-1)!, size: tensor.size, name: way.nameOf?.(tensor) ?? "" };
  });
  const isLarge = filters >= fewest.filters && size / filters >= fewest.weights;
  if (!isLarge || stem.before.some((operation) => operation instanceof Affine)) return undefined; // a batch norm scales itself
  const strengths = await strengthsOf(kernel);
  const strength = strengths[Math.floor((strengths.length - 1) * share)]!;
  const isNamed = foldedName.test(name);
  if (!(strength > 0 && strength < (isNamed ? weakestOfFolded : weakest))) return undefined;
  return {
    source: "kernel",
    preprocessing: preprocessings.none,
    because: `a division is within the first weights${
      isNamed ? ", as their name says too" : ""
    }: their filters have a strength of ${strength.toPrecision(1)}, where 1 is usual`,
    margin: Infinity,
    isSure: true,
  };
}
