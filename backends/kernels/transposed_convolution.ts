import * as tf from "../../src/base/tfjs.ts";
import { weaveInWasm } from "../weave.ts";
import type { ConvolutionGeometry } from "./convolution_geometry.ts";

/** A convolution with stride 1 that gives one phase of the gradient. */
export interface PhaseConvolution {
  /** The filter's taps for this phase, as flat indices `row * width + column`, last tap first; null is a zero. */
  readonly taps: readonly (number | null)[];
  /** Rows and columns of the phase's filter. */
  readonly size: readonly [number, number];
  /** Zeros around the output's gradient. */
  readonly pad: tf.backend_util.ExplicitPadding;
  /** The convolution's own dilations. */
  readonly dilations: [number, number];
}

/** Options of {@linkcode transposedConvolution}. */
export interface TransposedConvolutionOptions {
  /** Convolve the output's gradient with some of the filter's taps: `[batch, h, w, channels]`. */
  convolve(outputGradient: tf.Tensor4D, phase: PhaseConvolution): tf.Tensor4D;
  /**
   * Whether the filters of all phases are brought to the same size with zeros.
   * @default {false}
   */
  readonly evenPhases?: boolean;
}

/** What one phase needs along one direction. */
interface AxisPhase {
  /** The filter's taps, last one first; null is a zero. */
  readonly taps: readonly (number | null)[];
  /** Zeros before and after; negative to leave elements out. */
  readonly before: number;
  readonly after: number;
}

/** The phases along one direction, and where the input begins among what they give. */
interface Axis {
  readonly phases: readonly AxisPhase[];
  readonly positions: number;
  readonly offset: number;
  readonly size: number;
}

interface AxisGeometry {
  readonly inputSize: number;
  readonly outputSize: number;
  readonly filterSize: number;
  readonly stride: number;
  readonly dilation: number;
  readonly padBefore: number;
  readonly even: boolean;
}

/**
 * The gradient of a convolution with respect to its input, by convolutions with stride 1.
 *
 * With stride s, the input's elements fall into s phases along each direction, by their distance from the
 * padded edge modulo s. Each phase meets only every s-th tap of the filter, so it is a small convolution of the
 * output's gradient, and the phases are woven together. No multiplication with an inserted zero takes place.
 *
 * @param outputGradient `[batch, output height, output width, k]`
 * @param geometry The convolution's geometry.
 * @param options How to convolve.
 * @returns `[batch, input height, input width, channels]`
 */
export function transposedConvolution(
  outputGradient: tf.Tensor4D,
  geometry: ConvolutionGeometry,
  { convolve, evenPhases = false }: TransposedConvolutionOptions,
): tf.Tensor4D {
  const { batchSize, inChannels, filterWidth, dilationHeight, dilationWidth } = geometry;
  const rows = rowAxis(geometry, evenPhases), columns = columnAxis(geometry, evenPhases);
  const phaseShape = [batchSize, rows.positions, columns.positions, inChannels] as const;
  const phases = rows.phases.map((row) =>
    columns.phases.map((column) => {
      const taps = row.taps.flatMap((r) =>
        column.taps.map((c) => r === null || c === null ? null : r * filterWidth + c)
      );
      if (taps.length === 0) return tf.zeros([...phaseShape]);
      const pad = [[0, 0], zeros(row), zeros(column), [0, 0]] as tf.backend_util.ExplicitPadding;
      return convolve(crop(outputGradient, row, column), {
        taps,
        size: [row.taps.length, column.taps.length],
        pad,
        dilations: [dilationHeight, dilationWidth],
      }); // [batch, row positions, column positions, channels]
    })
  ) as tf.Tensor4D[][];
  const size = [batchSize, rows.size, columns.size, inChannels] as const;
  const direct = weaveInWasm(phases, { offset: [rows.offset, columns.offset], size });
  if (direct) return direct;
  const woven = weave(phases, phaseShape); // [batch, row positions * stride, column positions * stride, channels]
  if (rows.size === woven.shape[1] && columns.size === woven.shape[2]) return woven;
  return woven.slice([0, rows.offset, columns.offset, 0], [...size]);
}

function rowAxis(geometry: ConvolutionGeometry, even: boolean): Axis {
  return axis({
    inputSize: geometry.inHeight,
    outputSize: geometry.outHeight,
    filterSize: geometry.filterHeight,
    stride: geometry.strideHeight,
    dilation: geometry.dilationHeight,
    padBefore: geometry.padInfo.top,
    even,
  });
}

function columnAxis(geometry: ConvolutionGeometry, even: boolean): Axis {
  return axis({
    inputSize: geometry.inWidth,
    outputSize: geometry.outWidth,
    filterSize: geometry.filterWidth,
    stride: geometry.strideWidth,
    dilation: geometry.dilationWidth,
    padBefore: geometry.padInfo.left,
    even,
  });
}

/**
 * Input element y lies at stride * q + r of the padded input, and takes part in output q - t by tap r + stride * t.
 * TensorFlow.js allows no dilation together with a stride, so a dilation d only makes that output q - d * t.
 */
function axis(
  { inputSize, outputSize, filterSize, stride, dilation, padBefore, even }: AxisGeometry,
): Axis {
  const first = Math.floor(padBefore / stride);
  const positions = Math.ceil((padBefore + inputSize) / stride) - first;
  const phases = Array.from({ length: stride }, (_, r) => {
    const length = Math.ceil((even ? filterSize : filterSize - r) / stride);
    const taps = Array.from({ length: Math.max(length, 0) }, (_, t) => r + stride * t)
      .map((tap) => tap < filterSize ? tap : null)
      .reverse();
    return { taps, before: dilation * (taps.length - 1) - first, after: first + positions - outputSize };
  });
  return { phases, positions, offset: padBefore - stride * first, size: inputSize };
}

function zeros({ before, after }: AxisPhase): [number, number] {
  return [Math.max(before, 0), Math.max(after, 0)];
}

/** Leave out the rows and columns that a negative padding asks to leave out. */
function crop(tensor: tf.Tensor4D, row: AxisPhase, column: AxisPhase): tf.Tensor4D {
  if (Math.min(row.before, row.after, column.before, column.after) >= 0) return tensor;
  const [batch, height, width, channels] = tensor.shape;
  const top = Math.max(-row.before, 0), left = Math.max(-column.before, 0);
  return tensor.slice([0, top, left, 0], [
    batch,
    height - top - Math.max(-row.after, 0),
    width - left - Math.max(-column.after, 0),
    channels,
  ]);
}

/** Weave phases `[row phase][column phase]` together. */
function weave(
  phases: readonly (readonly tf.Tensor4D[])[],
  [batch, height, width, channels]: readonly [number, number, number, number],
): tf.Tensor4D {
  const rowPhases = phases.length, columnPhases = phases[0]!.length;
  const rows = phases.map((row) =>
    concatenate([...row], 3) // [batch, height, width, column phases * channels]
      .reshape([batch, height, columnPhases * width * channels])
  );
  return concatenate(rows, 2) // [batch, height, row phases * width * column phases * channels]
    .reshape([batch, rowPhases * height, columnPhases * width, channels]);
}

function concatenate(tensors: tf.Tensor[], axis: number): tf.Tensor {
  return tensors.length === 1 ? tensors[0]! : tf.concat(tensors, axis);
}
