import * as tf from "../../base/tfjs.ts";
import type { TensorInfo } from "../../base/tensor_info.ts";
import { quote } from "../../base/quote.ts";
import type { PixelEvidence } from "../../input/evidence.ts";
import { type Preprocessing, preprocessings } from "../../input/preprocess.ts";
import { fuse } from "../../operations/fuse.ts";
import { Identity } from "../../operations/identity.ts";
import type { Operation } from "../../operations/operation.ts";
import { Padding } from "../../operations/padding.ts";
import { plan } from "../../operations/plan.ts";
import { isBatchNorm, pictureOperations, type PictureWay } from "./stem.ts";

/** What a model does to its pixels before anything else, of each channel that it goes on with: v → slope · v + shift. */
interface OwnScaling {
  readonly slopes: readonly number[];
  readonly shifts: readonly number[];
}

/** How many operations may stand before the first weights. */
const longest = 24;

/** Height and width of pictures of one colour, where the model's own size does not matter. */
const smallSide = 32;

/** What is no arithmetic on pixels any more: the first weights, or the statistics of what they would see. */
function isFirstWeights(operation: Operation): boolean {
  return isBatchNorm(operation) || operation.isWeighted === true;
}

/** Whether an operation leaves each pixel as it is, so that there is nothing to measure. */
function leavesPixels(operation: Operation): boolean {
  return operation instanceof Padding || operation instanceof Identity;
}

/** Pictures of one colour each: black, each channel alone at its brightest, and one of all that lies in between. */
function plainColours(channels: number): number[][] {
  const alone = Array.from(
    { length: channels },
    (_, at) => Array.from({ length: channels }, (_, k) => k === at ? 255 : 0),
  );
  return [Array(channels).fill(0), ...alone, Array.from({ length: channels }, (_, at) => 40 + 50 * at)];
}

/** What a model computes of its picture before its first weights. */
function beforeWeights(way: PictureWay): Operation[] {
  const operations = pictureOperations(way);
  const end = operations.findIndex(isFirstWeights);
  return operations.slice(0, Math.min(end < 0 ? operations.length : end, longest));
}

/** The middle of a picture, `[k]`; `undefined` for what is none. */
function middleOf(value: tf.Tensor): tf.Tensor1D | undefined {
  const [, rows, columns, channels] = value.shape;
  if (value.rank !== 4) return undefined;
  return value.slice([0, rows! >> 1, columns! >> 1, 0], [1, 1, 1, channels!]).reshape([channels!]);
}

/** What is run, and of which values the middles are wanted. */
interface Measuring {
  readonly operations: readonly Operation[];
  readonly values: readonly string[];
  readonly picture: string;
  readonly info: TensorInfo;
}

/** The middles of what comes of plain colours, one after another for each value: colours × values. */
async function middlesOf(
  { operations, values, picture, info: { shape, dtype = "float32" } }: Measuring,
  [height, width]: readonly [number, number],
): Promise<(number[] | undefined)[][]> {
  const { run } = plan(fuse(operations, { wanted: values, mode: "exact" }), [picture], values);
  const middles = tf.tidy(() =>
    plainColours(shape[3] ?? 3).map((colour) => {
      const pixel = tf.tensor(colour, [1, 1, 1, colour.length], dtype);
      const x = tf.ones([1, height, width, 1], dtype).mul(pixel); // many times as fast as to tile it
      return run(new Map([[picture, x]])).map(middleOf);
    })
  );
  try {
    return await Promise.all(
      middles.map((row) => Promise.all(row.map(async (middle) => middle && Array.from(await middle.data())))),
    );
  } finally {
    tf.dispose(middles);
  }
}

/** The same of small pictures, which take no time, or of the model's own size where it takes no other. */
async function measure(measuring: Measuring): Promise<(number[] | undefined)[][]> {
  const [, height, width] = measuring.info.shape;
  try {
    return await middlesOf(measuring, [smallSide, smallSide]);
  } catch (error) {
    if (height === null || width === null || height === undefined || width === undefined) throw error;
    return await middlesOf(measuring, [height, width]);
  }
}

/** The scaling that the middles of all colours come of; `undefined` where they come of something else. */
function readScaling(middles: readonly (number[] | undefined)[], channels: number): OwnScaling | undefined {
  const [black, ...rest] = middles.filter((middle) => middle !== undefined);
  if (rest.length < channels + 1) return undefined;
  const alone = rest.slice(0, channels), mixed = rest.at(-1)!;
  const colour = plainColours(channels).at(-1)!;
  const effects = alone.map((values) => values.map((value, at) => (value - black![at]!) / 255));
  const slopes = black!.map((_, at) => effects.reduce((sum, effect) => sum + effect[at]!, 0));
  const isAffine = mixed.every((value, at) => {
    const expected = effects.reduce(
      (sum, effect, channel) => sum + effect[at]! * colour[channel]!,
      black![at]!,
    );
    return Math.abs(value - expected) <=
      1e-4 * (Math.abs(value) + Math.abs(slopes[at]!) * 255 + Math.abs(black![at]!));
  });
  return isAffine && slopes.every((slope) => slope !== 0) ? { slopes, shifts: black! } : undefined;
}

/** Whether pixels are as large as they were, in another order or turned about maybe. */
function isNone({ slopes, shifts }: OwnScaling): boolean {
  return slopes.every((slope) => Math.abs(Math.abs(slope) - 1) < 1e-4) &&
    shifts.every((shift) => Math.abs(shift) < 1e-4);
}

/** Pixels go in as 0 … 255 if they are made much smaller or much is taken off, else as 0 … 1. */
function expects({ slopes, shifts }: OwnScaling): Preprocessing {
  const isForBytes = slopes.some((slope, at) => Math.abs(slope) < 0.1 || Math.abs(shifts[at]! / slope) > 2);
  return isForBytes ? preprocessings.none : preprocessings.unit;
}

/** A value's name without what all names in its model begin with. */
function shortName(value: string): string {
  return value.split("@")[0]!.split("/").slice(-2).join("/");
}

/**
 * How a model wants its pixels, if it scales them itself. It is measured, not read: whatever stands before the first
 * weights is run on pictures of one colour, so that it does not matter of which layers or nodes it consists.
 *
 * @param way Where the picture goes.
 * @param info The shape and type of the input that takes it.
 * @returns `undefined` if it does not.
 */
export async function ownScalingEvidence(
  way: PictureWay,
  info: TensorInfo,
): Promise<PixelEvidence | undefined> {
  const operations = beforeWeights(way);
  const values = operations.flatMap(({ outputs }) => outputs);
  if (operations.every(leavesPixels)) return undefined;
  const colours = await measure({ operations, values, picture: way.picture, info });
  const scalings = values.map((_, at) => readScaling(colours.map((row) => row[at]), info.shape[3] ?? 3));
  const last = scalings.findLastIndex((scaling) => scaling !== undefined);
  const scaling = scalings[last];
  if (!scaling || isNone(scaling)) return undefined;
  return {
    source: "layers",
    preprocessing: expects(scaling),
    because: `the model scales them itself, up to ${quote(shortName(values[last]!))}`,
    margin: Infinity,
    isSure: true,
  };
}
