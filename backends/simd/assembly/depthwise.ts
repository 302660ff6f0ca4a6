import { activate, loadSome, multiplyAdd, storeSome } from "./arithmetic";

/** Four channels of one pixel to memory. */
// @ts-ignore: decorator
@inline
function finish(to: usize, sum: v128, slope: f32, low: f32, high: f32, channels: i32): void {
  const value = activate(sum, slope, low, high);
  if (channels >= 4) v128.store(to, value);
  else storeSome(to, value, channels);
}

// @ts-ignore: decorator
@inline
function loadFour(from: usize, channels: i32): v128 {
  return channels >= 4 ? v128.load(from) : loadSome(from, channels);
}

/** Up to eight pixels beside each other by four channels; each tap is loaded once for all. `pixels` is known when it is inlined. */
// @ts-ignore: decorator
@inline
function block(
  pixels: i32, from: usize, pixelStep: usize, lines: i32, lineStep: usize, taps: i32, tapStep: usize, weights: usize, step: usize,
  to: usize, bias: v128, slope: f32, low: f32, high: f32, channels: i32,
): void {
  let s0 = bias, s1 = bias, s2 = bias, s3 = bias, s4 = bias, s5 = bias, s6 = bias, s7 = bias;
  for (let line = 0; line < lines; line++) {
    let start = from;
    for (let tap = 0; tap < taps; tap++) {
      const w = loadFour(weights, channels);
      let a = start;
      s0 = multiplyAdd(v128.load(a), w, s0);
      if (pixels > 1) { a += pixelStep; s1 = multiplyAdd(v128.load(a), w, s1); }
      if (pixels > 2) { a += pixelStep; s2 = multiplyAdd(v128.load(a), w, s2); }
      if (pixels > 3) { a += pixelStep; s3 = multiplyAdd(v128.load(a), w, s3); }
      if (pixels > 4) { a += pixelStep; s4 = multiplyAdd(v128.load(a), w, s4); }
      if (pixels > 5) { a += pixelStep; s5 = multiplyAdd(v128.load(a), w, s5); }
      if (pixels > 6) { a += pixelStep; s6 = multiplyAdd(v128.load(a), w, s6); }
      if (pixels > 7) { a += pixelStep; s7 = multiplyAdd(v128.load(a), w, s7); }
      weights += step;
      start += tapStep;
    }
    from += lineStep;
  }
  finish(to, s0, slope, low, high, channels);
  if (pixels > 1) { to += step; finish(to, s1, slope, low, high, channels); }
  if (pixels > 2) { to += step; finish(to, s2, slope, low, high, channels); }
  if (pixels > 3) { to += step; finish(to, s3, slope, low, high, channels); }
  if (pixels > 4) { to += step; finish(to, s4, slope, low, high, channels); }
  if (pixels > 5) { to += step; finish(to, s5, slope, low, high, channels); }
  if (pixels > 6) { to += step; finish(to, s6, slope, low, high, channels); }
  if (pixels > 7) { to += step; finish(to, s7, slope, low, high, channels); }
}

/**
 * A convolution of each channel on its own.
 *
 * @param y0 The first row of the output; likewise `y1`, behind the last.
 * @param width Columns of the output.
 * @param from The picture, with its padding around it, and 12 bytes to read behind it.
 * @param rowStep Bytes from what one row of the output meets to what the next does; `pixelStep` from pixel to pixel.
 * @param lines Rows of the filter, `lineStep` bytes apart; `taps` columns, `tapStep` bytes apart.
 * @param weights `[lines, taps, channels]`
 */
export function convolveDepthwise(
  y0: i32, y1: i32, width: i32, channels: i32, from: usize, rowStep: usize, pixelStep: usize,
  lines: i32, lineStep: usize, taps: i32, tapStep: usize, weights: usize, to: usize, bias: usize, slope: f32, low: f32, high: f32,
): void {
  const step = <usize>channels << 2;
  const blocks = (width + 7) / 8;
  const most = (width + blocks - 1) / blocks;
  const larger = width - blocks * (most - 1);
  for (let group = 0; group < channels; group += 64) { // so that a group's rows stay in the first cache
    const end = min(group + 64, channels);
    for (let y = y0; y < y1; y++) {
      let a = from + <usize>y * rowStep;
      let o = to + <usize>y * <usize>width * step;
      for (let index = 0; index < blocks; index++) {
        const pixels = index < larger ? most : most - 1;
        for (let channel = group; channel < end; channel += 4) {
          const at = <usize>channel << 2, left = channels - channel;
          const b = bias ? loadFour(bias + at, left) : f32x4.splat(0);
          if (pixels == 8) block(8, a + at, pixelStep, lines, lineStep, taps, tapStep, weights + at, step, o + at, b, slope, low, high, left);
          else if (pixels == 7) block(7, a + at, pixelStep, lines, lineStep, taps, tapStep, weights + at, step, o + at, b, slope, low, high, left);
          else if (pixels == 6) block(6, a + at, pixelStep, lines, lineStep, taps, tapStep, weights + at, step, o + at, b, slope, low, high, left);
          else if (pixels == 5) block(5, a + at, pixelStep, lines, lineStep, taps, tapStep, weights + at, step, o + at, b, slope, low, high, left);
          else if (pixels == 4) block(4, a + at, pixelStep, lines, lineStep, taps, tapStep, weights + at, step, o + at, b, slope, low, high, left);
          else if (pixels == 3) block(3, a + at, pixelStep, lines, lineStep, taps, tapStep, weights + at, step, o + at, b, slope, low, high, left);
          else if (pixels == 2) block(2, a + at, pixelStep, lines, lineStep, taps, tapStep, weights + at, step, o + at, b, slope, low, high, left);
          else block(1, a + at, pixelStep, lines, lineStep, taps, tapStep, weights + at, step, o + at, b, slope, low, high, left);
        }
        a += <usize>pixels * pixelStep;
        o += <usize>pixels * step;
      }
    }
  }
}
