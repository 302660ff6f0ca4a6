import { countOf } from "../../../base/tensor_info.ts";
import { axisOf, broadcastShape, forEachPlace, makeArray, type NumberArray, spreadPlaces } from "./array.ts";
import type { Folder, Folders } from "./folder.ts";

/** Mean and variance of the numbers that are normalised together, and which of those each number belongs to. */
interface Moments {
  readonly places: Int32Array;
  readonly means: Float64Array;
  readonly variances: Float64Array;
}

/** The moments along some axes; where the mean is not taken away, the variance is the mean of squares. */
function momentsOf({ shape, numbers }: NumberArray, axes: ReadonlySet<number>, isCentred: boolean): Moments {
  const sizes = shape.map((size, axis) => axes.has(axis) ? 1 : size), groups = countOf(sizes);
  const places = groupPlaces(shape, sizes), count = numbers.length / Math.max(groups, 1);
  const means = new Float64Array(groups), variances = new Float64Array(groups);
  for (let at = 0; isCentred && at < numbers.length; at++) means[places[at]!]! += numbers[at]! / count;
  for (let at = 0; at < numbers.length; at++) {
    const place = places[at]!;
    variances[place]! += (numbers[at]! - means[place]!) ** 2 / count;
  }
  return { places, means, variances };
}

/** Which group each number belongs to: there are as many as `sizes` has places, where an axis of one number is gone over. */
function groupPlaces(shape: readonly number[], sizes: readonly number[]): Int32Array {
  const places = new Int32Array(countOf(shape)), groups = countOf(sizes);
  const first = shape.findIndex((size, axis) => size !== sizes[axis]);
  const areRows = first < 0 || countOf(sizes.slice(first)) === 1;
  if (areRows) {
    const length = places.length / Math.max(groups, 1);
    for (let group = 0; group < groups; group++) places.fill(group, group * length, (group + 1) * length);
    return places;
  }
  const steps = sizes.map((size, axis) => size === 1 ? 0 : countOf(sizes.slice(axis + 1)));
  forEachPlace(shape, steps, (place, at) => places[at] = place);
  return places;
}

/** Numbers that are spread over a shape, by their place in it; a default where there are none. */
function spread(
  array: NumberArray | undefined,
  shape: readonly number[],
  instead: number,
): (at: number) => number {
  if (!array) return () => instead;
  const places = spreadPlaces(array.shape, shape);
  return (at) => array.numbers[places?.[at] ?? at]!;
}

/** Numbers without mean and deviation, times a scale and with a shift, each of which is spread over them. */
function normalised(
  x: NumberArray,
  { places, means, variances }: Moments,
  { epsilon, scale, shift }: {
    readonly epsilon: number;
    readonly scale: NumberArray | undefined;
    readonly shift: NumberArray | undefined;
  },
): NumberArray {
  const shape = [scale, shift].reduce<readonly number[]>(
    (all, weight) => weight ? broadcastShape(all, weight.shape) : all,
    x.shape,
  );
  const result = makeArray(x.type, shape), origins = spreadPlaces(x.shape, shape);
  const [factor, summand] = [spread(scale, shape, 1), spread(shift, shape, 0)];
  for (let at = 0; at < result.numbers.length; at++) {
    const origin = origins?.[at] ?? at, place = places[origin]!;
    const normal = (x.numbers[origin]! - means[place]!) / Math.sqrt(variances[place]! + epsilon);
    result.numbers[at] = normal * factor(at) + summand(at);
  }
  return result;
}

/** Over all axes from one on, or over those that a joined node names. */
function overAxes(isCentred: boolean): Folder {
  return ({ arrays: [x, scale, shift], attributes }) => {
    const rank = x!.shape.length, first = axisOf(attributes.int("axis", -1), rank);
    const named = attributes.ints("axes")?.map((axis) => axisOf(axis, rank));
    const axes = new Set(named ?? x!.shape.map((_, axis) => axis).slice(first));
    const epsilon = attributes.float("epsilon", 1e-5);
    return [
      normalised(x!, momentsOf(x!, axes, isCentred), {
        epsilon,
        scale,
        shift: isCentred ? shift : undefined,
      }),
    ];
  };
}

/** A number for each channel as an array that is spread over `[N, C, …]`. */
function ofChannels(array: NumberArray, rank: number): NumberArray {
  return { ...array, shape: [countOf(array.shape), ...new Array<number>(Math.max(rank - 2, 0)).fill(1)] };
}

/** By given statistics, or as in training by those of the numbers themselves: so weights are standardised. */
const batchNormalization: Folder = ({ arrays, attributes, opset, outputs }) => {
  const [x, scale, shift, mean, variance] = arrays as NumberArray[], rank = x!.shape.length;
  const isTraining = opset < 14 ? outputs > 1 : attributes.int("training_mode", 0) === 1;
  const own = momentsOf(x!, new Set(x!.shape.flatMap((_, axis) => axis === 1 ? [] : [axis])), true);
  const given = { means: Float64Array.from(mean!.numbers), variances: Float64Array.from(variance!.numbers) };
  const weights = { scale: ofChannels(scale!, rank), shift: ofChannels(shift!, rank) };
  const epsilon = attributes.float("epsilon", 1e-5);
  const y = normalised(x!, isTraining ? own : { ...own, ...given }, { epsilon, ...weights });
  if (outputs === 1) return [y];
  const momentum = attributes.float("momentum", 0.9);
  const moved = (before: NumberArray, now: Float64Array): NumberArray => {
    const result = makeArray(before.type, before.shape);
    now.forEach((value, at) => result.numbers[at] = before.numbers[at]! * momentum + value * (1 - momentum));
    return result;
  };
  return [y, moved(mean!, own.means), moved(variance!, own.variances)];
};

/** Mean and deviation taken out of constants. */
export const normalizationFolders: Folders = {
  BatchNormalization: batchNormalization,
  LayerNormalization: overAxes(true),
  RMSNormalization: overAxes(false),
};
