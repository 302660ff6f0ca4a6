import { activate, loadSome, multiplyAdd, storeSome } from "./arithmetic";

/** One pixel by four channels, any taps. What is read behind the last channels is not used. */
function pixel(
  from: usize, lines: i32, lineStep: usize, taps: i32, tapStep: usize, weights: usize, weightLine: usize, step: usize,
  to: usize, bias: usize, slope: f32, low: v128, high: v128, channels: i32,
): void {
  let sum = bias ? loadSome(bias, channels) : f32x4.splat(0);
  for (let line = 0; line < lines; line++) {
    let a = from, w = weights;
    for (let tap = 0; tap < taps; tap++) {
      sum = multiplyAdd(v128.load(a), v128.load(w), sum);
      a += tapStep;
      w += step;
    }
    from += lineStep;
    weights += weightLine;
  }
  storeSome(to, activate(sum, slope, low, high), channels);
}

/** A sum and what one tap adds to it; all but the values is known when it is inlined. */
// @ts-ignore: decorator
@inline
function add(sum: v128, x: v128, tap: i32, taps: i32, w0: v128, w1: v128, w2: v128, w3: v128, w4: v128): v128 {
  if (tap == 0) return multiplyAdd(x, w0, sum);
  if (tap == 1 && taps > 1) return multiplyAdd(x, w1, sum);
  if (tap == 2 && taps > 2) return multiplyAdd(x, w2, sum);
  if (tap == 3 && taps > 3) return multiplyAdd(x, w3, sum);
  if (tap == 4 && taps > 4) return multiplyAdd(x, w4, sum);
  return sum;
}

/**
 * Up to four pixels beside each other, four channels at a time: a line's taps stay in registers, and what is loaded serves
 * all pixels that meet it. `pixels`, `taps` (1 to 3, or 5) and `stride` (1 or 2) are known when it is inlined.
 */
// @ts-ignore: decorator
@inline
function block(
  pixels: i32, taps: i32, stride: i32, from: usize, lines: i32, lineStep: usize, weights: usize, step: usize,
  to: usize, toStep: usize, bias: usize, slope: f32, low: v128, high: v128, quads: usize,
): void {
  const last = (pixels - 1) * stride + taps - 1; // the column that is met last
  const weightLine = <usize>taps * step;
 for (let at: usize = 0; at < quads; at += 16) {
  let s0 = bias ? v128.load(bias + at) : f32x4.splat(0), s1 = s0, s2 = s0, s3 = s0;
  let start = from + at, w = weights + at;
  for (let line = 0; line < lines; line++) {
    const w0 = v128.load(w), w1 = taps > 1 ? v128.load(w + step) : w0, w2 = taps > 2 ? v128.load(w + 2 * step) : w0;
    const w3 = taps > 3 ? v128.load(w + 3 * step) : w0, w4 = taps > 4 ? v128.load(w + 4 * step) : w0;
    w += weightLine;
    let a = start, x = v128.load(a);
    s0 = add(s0, x, 0, taps, w0, w1, w2, w3, w4);
    a += step; x = v128.load(a);
    s0 = add(s0, x, 1, taps, w0, w1, w2, w3, w4); if (pixels > 1) s1 = add(s1, x, 1 - stride, taps, w0, w1, w2, w3, w4);
    if (last > 1) {
      a += step; x = v128.load(a);
      s0 = add(s0, x, 2, taps, w0, w1, w2, w3, w4); if (pixels > 1) s1 = add(s1, x, 2 - stride, taps, w0, w1, w2, w3, w4);
      if (pixels > 2) s2 = add(s2, x, 2 - 2 * stride, taps, w0, w1, w2, w3, w4);
    }
    if (last > 2) {
      a += step; x = v128.load(a);
      s0 = add(s0, x, 3, taps, w0, w1, w2, w3, w4); if (pixels > 1) s1 = add(s1, x, 3 - stride, taps, w0, w1, w2, w3, w4);
      if (pixels > 2) s2 = add(s2, x, 3 - 2 * stride, taps, w0, w1, w2, w3, w4); if (pixels > 3) s3 = add(s3, x, 3 - 3 * stride, taps, w0, w1, w2, w3, w4);
    }
    if (last > 3) {
      a += step; x = v128.load(a);
      s0 = add(s0, x, 4, taps, w0, w1, w2, w3, w4); if (pixels > 1) s1 = add(s1, x, 4 - stride, taps, w0, w1, w2, w3, w4);
      if (pixels > 2) s2 = add(s2, x, 4 - 2 * stride, taps, w0, w1, w2, w3, w4); if (pixels > 3) s3 = add(s3, x, 4 - 3 * stride, taps, w0, w1, w2, w3, w4);
    }
    if (last > 4) {
      a += step; x = v128.load(a);
      if (pixels > 1) s1 = add(s1, x, 5 - stride, taps, w0, w1, w2, w3, w4);
      if (pixels > 2) s2 = add(s2, x, 5 - 2 * stride, taps, w0, w1, w2, w3, w4); if (pixels > 3) s3 = add(s3, x, 5 - 3 * stride, taps, w0, w1, w2, w3, w4);
    }
    if (last > 5) {
      a += step; x = v128.load(a);
      if (pixels > 1) s1 = add(s1, x, 6 - stride, taps, w0, w1, w2, w3, w4);
      if (pixels > 2) s2 = add(s2, x, 6 - 2 * stride, taps, w0, w1, w2, w3, w4); if (pixels > 3) s3 = add(s3, x, 6 - 3 * stride, taps, w0, w1, w2, w3, w4);
    }
    if (last > 6) {
      a += step; x = v128.load(a);
      if (pixels > 2) s2 = add(s2, x, 7 - 2 * stride, taps, w0, w1, w2, w3, w4); if (pixels > 3) s3 = add(s3, x, 7 - 3 * stride, taps, w0, w1, w2, w3, w4);
    }
    if (last > 7) {
      a += step; x = v128.load(a);
      if (pixels > 2) s2 = add(s2, x, 8 - 2 * stride, taps, w0, w1, w2, w3, w4); if (pixels > 3) s3 = add(s3, x, 8 - 3 * stride, taps, w0, w1, w2, w3, w4);
    }
    if (last > 8) { a += step; x = v128.load(a); s3 = add(s3, x, 9 - 3 * stride, taps, w0, w1, w2, w3, w4); }
    if (last > 9) { a += step; x = v128.load(a); s3 = add(s3, x, 10 - 3 * stride, taps, w0, w1, w2, w3, w4); }
    start += lineStep;
  }
  const o = to + at;
  v128.store(o, activate(s0, slope, low, high));
  if (pixels > 1) v128.store(o + toStep, activate(s1, slope, low, high));
  if (pixels > 2) v128.store(o + 2 * toStep, activate(s2, slope, low, high));
  if (pixels > 3) v128.store(o + 3 * toStep, activate(s3, slope, low, high));
 }
}

/** Two or four pixels of a kind that is known when it is inlined. */
// @ts-ignore: decorator
@inline
function blockOf(
  pixels: i32, taps: i32, stride: i32, from: usize, lines: i32, lineStep: usize, weights: usize, step: usize,
  to: usize, toStep: usize, bias: usize, slope: f32, low: v128, high: v128, quads: usize,
): void {
  if (pixels == 4) block(4, taps, stride, from, lines, lineStep, weights, step, to, toStep, bias, slope, low, high, quads);
  else block(2, taps, stride, from, lines, lineStep, weights, step, to, toStep, bias, slope, low, high, quads);
}

/** How many of a filter's taps lie before the first pixel, where they are `gap` apart. */
// @ts-ignore: decorator
@inline
function before(start: i32, gap: i32): i32 {
  return start < 0 ? (gap - 1 - start) / gap : 0;
}

/** Behind how many of them the picture ends. */
// @ts-ignore: decorator
@inline
function until(start: i32, gap: i32, taps: i32, size: i32): i32 {
  return min(taps, start < size ? (size - start + gap - 1) / gap : 0);
}

/** Which kind of block a row of taps makes; 0 for none. */
function kindOf(taps: i32, gap: i32, stride: i32): i32 {
  if (taps == 1) return stride == 1 ? 5 : 0;
  if (gap != 1 || stride > 2) return 0;
  if (taps == 2) return stride == 1 ? 6 : 0;
  return taps == 3 ? stride : taps == 5 ? 2 + stride : 0;
}

/**
 * A convolution of each channel on its own. What would meet the padding is left out.
 *
 * @param from The picture, `[height, width, channels]`.
 * @param top Rows of padding above it; likewise `left`.
 * @param strideY Rows from one of the output to the next; likewise `strideX`.
 * @param lines Rows of the filter, `lineGap` rows apart; likewise `taps` and `tapGap`.
 * @param weights `[lines, taps, channels]`
 * @param to `[outHeight, outWidth, channels]`, `toRow` bytes from row to row, and `toStep` from pixel to pixel.
 */
export function convolveDepthwise(
  from: usize, height: i32, width: i32, channels: i32, top: i32, left: i32, strideY: i32, strideX: i32,
  lines: i32, lineGap: i32, taps: i32, tapGap: i32, weights: usize,
  to: usize, toRow: usize, toStep: usize, outHeight: i32, outWidth: i32, bias: usize, slope: f32, low: f32, high: f32,
): void {
  const step = <usize>channels << 2, weightLine = <usize>taps * step, lineStep = <usize>(lineGap * width) * step;
  const inner = (left + strideX - 1) / strideX; // the first pixel all taps of which lie in the picture
  const room = width + left - (taps - 1) * tapGap - 1;
  const innerEnd = room < 0 ? 0 : min(outWidth, room / strideX + 1);
  const kind = kindOf(taps, tapGap, strideX);
  const least = f32x4.splat(low), most = f32x4.splat(high);
  for (let group = 0; group < channels; group += 128) { // so that a group's rows stay in the first cache
    const count = min(128, channels - group), at = <usize>group << 2, b = bias ? bias + at : 0;
    const quads = <usize>(count & ~3) << 2;
    for (let y = 0; y < outHeight; y++) {
      const line = y * strideY - top, line0 = before(line, lineGap), met = until(line, lineGap, lines, height) - line0;
      const row = from + <usize>((line + line0 * lineGap) * width) * step + at;
      const w = weights + <usize>line0 * weightLine + at;
      for (let x = 0; x < outWidth;) {
        const column = x * strideX - left;
        const a = row + <usize>column * step, o = to + <usize>y * toRow + <usize>x * toStep + at;
        const pixels = kind == 0 || x < inner || x + 2 > innerEnd ? 1 : x + 4 > innerEnd ? 2 : 4;
        if (pixels > 1) {
          if (kind == 1) blockOf(pixels, 3, 1, a, met, lineStep, w, step, o, toStep, b, slope, least, most, quads);
          else if (kind == 2) blockOf(pixels, 3, 2, a, met, lineStep, w, step, o, toStep, b, slope, least, most, quads);
          else if (kind == 5) blockOf(pixels, 1, 1, a, met, lineStep, w, step, o, toStep, b, slope, least, most, quads);
          else if (kind == 6) blockOf(pixels, 2, 1, a, met, lineStep, w, step, o, toStep, b, slope, least, most, quads);
          else if (kind == 3) blockOf(pixels, 5, 1, a, met, lineStep, w, step, o, toStep, b, slope, least, most, quads);
          else blockOf(pixels, 5, 2, a, met, lineStep, w, step, o, toStep, b, slope, least, most, quads);
        }
        // pixels at the edges, and the last channels where they are no four
        for (let index = 0; index < pixels; index++) {
          const start = column + index * strideX, tap0 = before(start, tapGap), some = until(start, tapGap, taps, width) - tap0;
          const i = row + <usize>(start + tap0 * tapGap) * step, k = w + <usize>tap0 * step, j = o + <usize>index * toStep;
          for (let c = pixels > 1 ? quads : 0; c < <usize>count << 2; c += 16) {
            pixel(
              i + c, met, lineStep, some, <usize>tapGap * step, k + c, weightLine, step,
              j + c, b ? b + c : 0, slope, least, most, count - <i32>(c >> 2),
            );
          }
        }
        x += pixels;
      }
    }
  }
}
