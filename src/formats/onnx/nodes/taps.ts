import * as tf from "../../../base/tfjs.ts";
import type { Windows } from "./windows.ts";

/** All combinations of a place along each axis. */
function places(sizes: readonly number[]): number[][] {
  return sizes.reduce<number[][]>(
    (all, size) => all.flatMap((before) => Array.from({ length: size }, (_, at) => [...before, at])),
    [[]],
  );
}

/**
 * What windows see at each of their places, one value for each: for windows that no kernel knows, such as dilated ones and
 * those of one or three axes.
 *
 * @param x `[N, …, C]`
 * @param around What stands around it.
 */
export function tapsOf(
  x: tf.Tensor,
  { kernel, strides, dilations, pads, beyond, sizes }: Windows,
  around: number,
): tf.Tensor[] {
  const amounts = pads.map(([before, after], at): [number, number] => [before, after + beyond[at]!]);
  const padded = amounts.flat().some((amount) => amount > 0)
    ? tf.pad(x, [[0, 0], ...amounts, [0, 0]], around)
    : x;
  const [pictures, channels] = [padded.shape[0]!, padded.shape.at(-1)!];
  return places(kernel).map((place) => {
    const begin = place.map((at, axis) => at * dilations[axis]!);
    const end = begin.map((start, axis) => start + (sizes[axis]! - 1) * strides[axis]! + 1);
    return tf.stridedSlice(padded, [0, ...begin, 0], [pictures, ...end, channels], [1, ...strides, 1]);
  });
}

/** How many numbers each window counts: those of the value, and of the padding if that counts too. */
export function countsOf(
  { kernel, strides, dilations, pads, sizes }: Windows,
  extents: readonly number[],
  includesPads: boolean,
): Float32Array {
  const alongEach = sizes.map((count, axis) => {
    const [before, after] = pads[axis]!, size = extents[axis]!;
    const [low, high] = includesPads ? [-before, size + after] : [0, size];
    return Array.from({ length: count }, (_, at) => {
      const starts = Array.from(
        { length: kernel[axis]! },
        (_, tap) => at * strides[axis]! - before + tap * dilations[axis]!,
      );
      return starts.filter((place) => place >= low && place < high).length;
    });
  });
  const all = alongEach.reduce<number[]>(
    (counts, own) => counts.flatMap((count) => own.map((one) => count * one)),
    [1],
  );
  return Float32Array.from(all);
}

/**
 * Where each window's taps stand, `[windows, taps]`; for those in the padding it is a number that means nothing.
 *
 * @param steps How far apart the numbers along each axis are counted.
 */
export function tapPlaces(
  { kernel, strides, dilations, pads, sizes }: Windows,
  steps: readonly number[],
): Float32Array {
  const taps = places(kernel);
  return Float32Array.from(
    places(sizes).flatMap((window) =>
      taps.map((tap) =>
        tap.reduce(
          (sum, at, axis) =>
            sum + (window[axis]! * strides[axis]! - pads[axis]![0] + at * dilations[axis]!) * steps[axis]!,
          0,
        )
      )
    ),
  );
}
