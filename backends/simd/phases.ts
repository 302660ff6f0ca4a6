import type * as tf from "../../src/base/tfjs.ts";
import type { ConvolutionGeometry } from "../kernels/convolution_geometry.ts";
import { type Axis, type AxisPhase, columnAxis, rowAxis, type Taps, tapsOf } from "../kernels/phases.ts";
import { linear } from "./activation.ts";
import { convolveInto } from "./convolution.ts";
import { convolveDepthwiseInto } from "./depthwise.ts";
import type { Machine } from "./machine.ts";
import type { KernelGeometry } from "./target.ts";

/** The convolution that is gone back over. */
export interface Phases {
  readonly geometry: ConvolutionGeometry;
  /** Whether each channel is convolved on its own. */
  readonly depthwise: boolean;
  /** Some taps of its filter, `[h, w, k, channels]`, or of a convolution of each channel on its own `[h, w, channels, 1]`. */
  taps(taps: Taps): tf.TensorInfo;
}

/** The part of a phase that lies in the input. */
interface Part {
  /** Its first element in the input. */
  readonly first: number;
  readonly count: number;
  /** Zeros before the output's gradient, for the first element. */
  readonly before: number;
}

function partOf({ stride, positions, offset, size }: Axis, { before }: AxisPhase, index: number): Part {
  const from = Math.max(0, Math.ceil((offset - index) / stride));
  const to = Math.min(positions, Math.ceil((size + offset - index) / stride));
  return { first: stride * from + index - offset, count: to - from, before: before - from };
}

/**
 * The gradient of a convolution with steps with respect to its input: each phase is computed to where it belongs, so that
 * nothing is woven.
 *
 * @param gradient Of what it gave.
 * @returns `undefined` where there is one phase only, a channel has several filters, or padding would be below zero.
 */
export function convolvePhases(
  machine: Machine,
  gradient: tf.Tensor4D,
  { geometry, depthwise, taps }: Phases,
): tf.TensorInfo | undefined {
  const { batchSize, inHeight, inWidth, inChannels, outChannels, filterWidth } = geometry;
  const rows = rowAxis(geometry, false), columns = columnAxis(geometry, depthwise);
  if (rows.stride * columns.stride === 1 || (depthwise && outChannels !== inChannels)) return undefined;
  const parts = rows.phases.flatMap((row, y) =>
    columns.phases.map((column, x) => ({
      down: partOf(rows, row, y),
      across: partOf(columns, column, x),
      ...tapsOf(row, column, filterWidth),
    }))
  );
  const met = parts.filter(({ taps, down, across }) => taps.length > 0 && down.count > 0 && across.count > 0);
  if (met.some(({ down, across }) => Math.min(down.before, across.before) < 0)) return undefined;
  const { heap, exports } = machine;
  const result = heap.makeOutput([batchSize, inHeight, inWidth, inChannels]);
  const start = heap.addressOf(result), pixel = inChannels * 4, row = inWidth * pixel;
  if (met.length < parts.length) exports.clear(start, batchSize * inHeight * row);
  for (const { down, across, ...picked } of met) {
    const target = {
      start: start + down.first * row + across.first * pixel,
      picture: inHeight * row,
      row: rows.stride * row,
      pixel: columns.stride * pixel,
    };
    const convolved = { x: gradient, geometry: phaseGeometry(geometry, { down, across, ...picked }) };
    const weights = taps(picked), sum = { weights, bias: undefined, activation: linear };
    if (depthwise) convolveDepthwiseInto(machine, target, convolved, sum);
    else {
      const count = picked.taps.length * outChannels;
      convolveInto(machine, target, convolved, { ...sum, taps: count, channels: inChannels });
    }
  }
  return result;
}

/** The convolution of the output's gradient that gives a part of a phase. */
function phaseGeometry(
  { batchSize, inChannels, outChannels, outHeight, outWidth, ...geometry }: ConvolutionGeometry,
  { down, across, size: [filterHeight, filterWidth] }: { down: Part; across: Part; size: Taps["size"] },
): KernelGeometry {
  const { dilationHeight, dilationWidth } = geometry;
  return {
    batchSize,
    inHeight: outHeight,
    inWidth: outWidth,
    inChannels: outChannels,
    outHeight: down.count,
    outWidth: across.count,
    outChannels: inChannels,
    strideHeight: 1,
    strideWidth: 1,
    dilationHeight,
    dilationWidth,
    filterHeight,
    filterWidth,
    effectiveFilterHeight: (filterHeight - 1) * dilationHeight + 1,
    effectiveFilterWidth: (filterWidth - 1) * dilationWidth + 1,
    padInfo: { top: down.before, left: across.before },
  };
}
