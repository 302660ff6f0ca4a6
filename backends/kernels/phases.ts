/**
 * The phases of what a convolution with steps is taken from.
 *
 * @module
 */
import type { ConvolutionGeometry } from "./convolution_geometry.ts";

/** What one phase needs along one direction. */
export interface AxisPhase {
  /** The filter's taps, last one first; null is a zero. */
  readonly taps: readonly (number | null)[];
  /** Zeros before and after; negative to leave elements out. */
  readonly before: number;
  readonly after: number;
}

/** The phases along one direction, and where the input begins among what they give. */
export interface Axis {
  /** How many steps apart the elements of one phase are. */
  readonly stride: number;
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

/** The phases of rows. */
export function rowAxis(geometry: ConvolutionGeometry, even: boolean): Axis {
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

/** The phases of columns. */
export function columnAxis(geometry: ConvolutionGeometry, even: boolean): Axis {
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
  return { stride, phases, positions, offset: padBefore - stride * first, size: inputSize };
}

/** Some of a filter's taps. */
export interface Taps {
  /** As flat indices `row * width + column`, last tap first; null is a zero. */
  readonly taps: readonly (number | null)[];
  /** Rows and columns that they make. */
  readonly size: readonly [number, number];
}

/** The taps of a filter that meet a phase of rows and one of columns. */
export function tapsOf(row: AxisPhase, column: AxisPhase, filterWidth: number): Taps {
  const taps = row.taps.flatMap((r) =>
    column.taps.map((c) => r === null || c === null ? null : r * filterWidth + c)
  );
  return { taps, size: [row.taps.length, column.taps.length] };
}
