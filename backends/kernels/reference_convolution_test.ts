/**
 * Convolutions and their gradients by plain loops in double precision: what the kernels are compared with.
 */

/** A convolution to test. */
export interface Convolution {
  /** Whether each channel is convolved on its own. */
  readonly depthwise: boolean;
  /** `[batch, height, width, channels]` */
  readonly input: readonly [number, number, number, number];
  /** `[height, width, channels, output channels or multiplier]` */
  readonly filter: readonly [number, number, number, number];
  readonly strides: readonly [number, number];
  readonly dilations: readonly [number, number];
  /** `"same"`, `"valid"`, or zeros `[[top, bottom], [left, right]]`. */
  readonly pad: "same" | "valid" | readonly [readonly [number, number], readonly [number, number]];
}

/** Its output and the gradients of the output's product with given numbers. */
export interface ReferenceResult {
  readonly shape: readonly [number, number, number, number];
  readonly output: Float64Array;
  readonly inputGradient: Float64Array;
  readonly filterGradient: Float64Array;
}

/** Numbers from −1 to 1 that look random and are always the same. */
export function numbers(size: number, seed: number): Float32Array {
  let state = seed;
  return Float32Array.from({ length: size }, () => {
    state = (Math.imul(state, 1664525) + 1013904223) >>> 0;
    return state / 2 ** 31 - 1;
  });
}

/** The number of elements of a shape. */
export function sizeOf(shape: readonly number[]): number {
  return shape.reduce((product, size) => product * size, 1);
}

/** Output size and zeros before the first element, along one direction. */
function padding(convolution: Convolution, direction: 0 | 1): [size: number, before: number] {
  const { input, filter, strides, dilations, pad } = convolution;
  const size = input[direction + 1]!, stride = strides[direction];
  const reach = (filter[direction] - 1) * dilations[direction] + 1;
  if (pad === "same") {
    const output = Math.ceil(size / stride);
    return [output, Math.floor(Math.max((output - 1) * stride + reach - size, 0) / 2)];
  }
  const [before, after] = pad === "valid" ? [0, 0] : pad[direction];
  return [Math.floor((size + before + after - reach) / stride) + 1, before];
}

/** Compute output and gradients, the latter of Σ output · `outputGradient`. */
export function referenceConvolution(
  convolution: Convolution,
  x: ArrayLike<number>,
  w: ArrayLike<number>,
  outputGradient: (size: number) => ArrayLike<number>,
): ReferenceResult {
  const { depthwise, input, filter, strides, dilations } = convolution;
  const [batch, height, width, channels] = input;
  const [, filterWidth, , last] = filter;
  const [outHeight, top] = padding(convolution, 0), [outWidth, left] = padding(convolution, 1);
  const outChannels = depthwise ? channels * last : last;
  const shape = [batch, outHeight, outWidth, outChannels] as const;
  const output = new Float64Array(sizeOf(shape)), dy = outputGradient(output.length);
  const inputGradient = new Float64Array(sizeOf(input)), filterGradient = new Float64Array(sizeOf(filter));
  for (let o = 0; o < output.length; o++) {
    const outChannel = o % outChannels, position = (o - outChannel) / outChannels;
    const column = position % outWidth, row = Math.floor(position / outWidth) % outHeight;
    const image = Math.floor(position / outWidth / outHeight);
    for (let f = 0; f < filterGradient.length; f++) {
      const end = f % last, channel = Math.floor(f / last) % channels;
      const tap = Math.floor(f / last / channels);
      if (outChannel !== (depthwise ? channel * last + end : end)) continue;
      const y = row * strides[0] + Math.floor(tap / filterWidth) * dilations[0] - top;
      const x0 = column * strides[1] + tap % filterWidth * dilations[1] - left;
      if (y < 0 || y >= height || x0 < 0 || x0 >= width) continue;
      const i = ((image * height + y) * width + x0) * channels + channel;
      output[o]! += x[i]! * w[f]!;
      inputGradient[i]! += dy[o]! * w[f]!;
      filterGradient[f]! += dy[o]! * x[i]!;
    }
  }
  return { shape, output, inputGradient, filterGradient };
}
