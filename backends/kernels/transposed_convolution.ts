import * as tf from "../../src/base/tfjs.ts";
import { onMachine } from "../simd/machine.ts";
import { convolvePhases } from "../simd/phases.ts";
import type { ConvolutionGeometry } from "./convolution_geometry.ts";
import { type AxisPhase, columnAxis, rowAxis, type Taps, tapsOf } from "./phases.ts";

/** A convolution with stride 1 that gives one phase of the gradient. */
export interface PhaseConvolution extends Taps {
  /** Zeros around the output's gradient. */
  readonly pad: tf.backend_util.ExplicitPadding;
  /** The convolution's own dilations. */
  readonly dilations: [number, number];
}

/** Options of {@linkcode transposedConvolution}. */
export interface TransposedConvolutionOptions {
  /** Convolve the output's gradient with some of the filter's taps: `[batch, h, w, channels]`. */
  convolve(outputGradient: tf.Tensor4D, phase: PhaseConvolution): tf.Tensor4D;
  /** The taps of a phase, `[h, w, k, channels]`, or of a convolution of each channel on its own `[h, w, channels, 1]`. */
  taps(phase: Taps): tf.Tensor4D;
  /**
   * Whether each channel is convolved on its own. TensorFlow.js has fast kernels for 2×2, 3×3 and 5×5 taps only on
   * WebAssembly: zeros make the phases of 3×3 and 5×5 so.
   * @default {false}
   */
  readonly depthwise?: boolean;
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
  { convolve, taps, depthwise = false }: TransposedConvolutionOptions,
): tf.Tensor4D {
  const computed = onMachine((machine) =>
    convolvePhases(machine, outputGradient, { geometry, taps, depthwise })
  );
  if (computed) return tf.engine().makeTensorFromTensorInfo(computed) as tf.Tensor4D;
  const { batchSize, inChannels, filterWidth, dilationHeight, dilationWidth } = geometry;
  const rows = rowAxis(geometry, depthwise), columns = columnAxis(geometry, depthwise);
  const phaseShape = [batchSize, rows.positions, columns.positions, inChannels] as const;
  const phases = rows.phases.map((row) =>
    columns.phases.map((column) => {
      const picked = tapsOf(row, column, filterWidth);
      if (picked.taps.length === 0) return tf.zeros([...phaseShape]);
      const pad = [[0, 0], zeros(row), zeros(column), [0, 0]] as tf.backend_util.ExplicitPadding;
      return convolve(crop(outputGradient, row, column), {
        ...picked,
        pad,
        dilations: [dilationHeight, dilationWidth],
      }); // [batch, row positions, column positions, channels]
    })
  ) as tf.Tensor4D[][];
  const woven = weave(phases, phaseShape); // [batch, row positions * stride, column positions * stride, channels]
  if (rows.size === woven.shape[1] && columns.size === woven.shape[2]) return woven;
  return woven.slice([0, rows.offset, columns.offset, 0], [batchSize, rows.size, columns.size, inChannels]);
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
