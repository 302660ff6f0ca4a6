import { activate, loadSome, multiplyAdd, storeSome } from "./arithmetic";

/** Eight channels of one pixel: the sum, its bias, what is added to it, and the activation, to memory. */
// @ts-ignore: decorator
@inline
function finish(
  to: usize, first: v128, second: v128, bias0: v128, bias1: v128, addend: usize, slope: f32, low: v128, high: v128, channels: i32,
): void {
  let value0 = f32x4.add(first, bias0), value1 = f32x4.add(second, bias1);
  if (channels >= 8) {
    if (addend) {
      value0 = f32x4.add(value0, v128.load(to + addend));
      value1 = f32x4.add(value1, v128.load(to + addend, 16));
    }
    v128.store(to, activate(value0, slope, low, high));
    v128.store(to, activate(value1, slope, low, high), 16);
  } else {
    finishSome(to, value0, value1, addend, slope, low, high, channels);
  }
}

/** Likewise of the last channels, where they are fewer than eight. */
function finishSome(
  to: usize, value0: v128, value1: v128, addend: usize, slope: f32, low: v128, high: v128, channels: i32,
): void {
  if (addend) {
    value0 = f32x4.add(value0, loadSome(to + addend, channels));
    value1 = f32x4.add(value1, loadSome(to + addend + 16, channels - 4));
  }
  storeSome(to, activate(value0, slope, low, high), channels);
  storeSome(to + 16, activate(value1, slope, low, high), channels - 4);
}

/** One of four numbers in all places; which is known when it is inlined. */
// @ts-ignore: decorator
@inline
function spread(x: v128, at: i32): v128 {
  if (at == 0) return v128.shuffle<f32>(x, x, 0, 0, 0, 0);
  if (at == 1) return v128.shuffle<f32>(x, x, 1, 1, 1, 1);
  if (at == 2) return v128.shuffle<f32>(x, x, 2, 2, 2, 2);
  return v128.shuffle<f32>(x, x, 3, 3, 3, 3);
}

/**
 * Up to five pixels beside each other by eight channels, all sums in registers; `pixels` is known when it is inlined. Where V8
 * looks at each address before it reads there, reading takes as long as multiplying: four numbers of a pixel are read at once,
 * of as many pixels as there are registers for.
 */
// @ts-ignore: decorator
@inline
function tile(
  pixels: i32, from: usize, pixelStep: usize, lines: i32, lineStep: usize, runs: i32, runStep: usize, runBytes: usize, panel: usize,
  to: usize, toStep: usize, bias0: v128, bias1: v128, addend: usize, slope: f32, low: v128, high: v128, channels: i32,
): void {
  const zero = f32x4.splat(0);
  let s00 = zero, s01 = zero, s10 = zero, s11 = zero, s20 = zero, s21 = zero;
  let s30 = zero, s31 = zero, s40 = zero, s41 = zero;
  for (let line = 0; line < lines; line++) {
   let start = from;
   for (let run = 0; run < runs; run++) {
    let a0 = start, a1 = a0 + pixelStep, a2 = a1 + pixelStep, a3 = a2 + pixelStep, a4 = a3 + pixelStep;
    const end = panel + (runBytes << 3), quads = panel + ((runBytes & ~15) << 3);
    while (panel != quads) {
      const x0 = v128.load(a0), x1 = pixels > 1 ? v128.load(a1) : x0;
      const x2 = pixels == 3 || pixels == 4 ? v128.load(a2) : x0, x3 = pixels == 4 ? v128.load(a3) : x0;
      let w0 = v128.load(panel), w1 = v128.load(panel, 16), x = spread(x0, 0);
      s00 = multiplyAdd(x, w0, s00); s01 = multiplyAdd(x, w1, s01);
      if (pixels > 1) { x = spread(x1, 0); s10 = multiplyAdd(x, w0, s10); s11 = multiplyAdd(x, w1, s11); }
      if (pixels > 2) { x = pixels == 5 ? v128.load32_splat(a2, 0) : spread(x2, 0); s20 = multiplyAdd(x, w0, s20); s21 = multiplyAdd(x, w1, s21); }
      if (pixels > 3) { x = pixels == 5 ? v128.load32_splat(a3, 0) : spread(x3, 0); s30 = multiplyAdd(x, w0, s30); s31 = multiplyAdd(x, w1, s31); }
      if (pixels > 4) { x = v128.load32_splat(a4, 0); s40 = multiplyAdd(x, w0, s40); s41 = multiplyAdd(x, w1, s41); }
      w0 = v128.load(panel, 32); w1 = v128.load(panel, 48); x = spread(x0, 1);
      s00 = multiplyAdd(x, w0, s00); s01 = multiplyAdd(x, w1, s01);
      if (pixels > 1) { x = spread(x1, 1); s10 = multiplyAdd(x, w0, s10); s11 = multiplyAdd(x, w1, s11); }
      if (pixels > 2) { x = pixels == 5 ? v128.load32_splat(a2, 4) : spread(x2, 1); s20 = multiplyAdd(x, w0, s20); s21 = multiplyAdd(x, w1, s21); }
      if (pixels > 3) { x = pixels == 5 ? v128.load32_splat(a3, 4) : spread(x3, 1); s30 = multiplyAdd(x, w0, s30); s31 = multiplyAdd(x, w1, s31); }
      if (pixels > 4) { x = v128.load32_splat(a4, 4); s40 = multiplyAdd(x, w0, s40); s41 = multiplyAdd(x, w1, s41); }
      w0 = v128.load(panel, 64); w1 = v128.load(panel, 80); x = spread(x0, 2);
      s00 = multiplyAdd(x, w0, s00); s01 = multiplyAdd(x, w1, s01);
      if (pixels > 1) { x = spread(x1, 2); s10 = multiplyAdd(x, w0, s10); s11 = multiplyAdd(x, w1, s11); }
      if (pixels > 2) { x = pixels == 5 ? v128.load32_splat(a2, 8) : spread(x2, 2); s20 = multiplyAdd(x, w0, s20); s21 = multiplyAdd(x, w1, s21); }
      if (pixels > 3) { x = pixels == 5 ? v128.load32_splat(a3, 8) : spread(x3, 2); s30 = multiplyAdd(x, w0, s30); s31 = multiplyAdd(x, w1, s31); }
      if (pixels > 4) { x = v128.load32_splat(a4, 8); s40 = multiplyAdd(x, w0, s40); s41 = multiplyAdd(x, w1, s41); }
      w0 = v128.load(panel, 96); w1 = v128.load(panel, 112); x = spread(x0, 3);
      s00 = multiplyAdd(x, w0, s00); s01 = multiplyAdd(x, w1, s01);
      if (pixels > 1) { x = spread(x1, 3); s10 = multiplyAdd(x, w0, s10); s11 = multiplyAdd(x, w1, s11); }
      if (pixels > 2) { x = pixels == 5 ? v128.load32_splat(a2, 12) : spread(x2, 3); s20 = multiplyAdd(x, w0, s20); s21 = multiplyAdd(x, w1, s21); }
      if (pixels > 3) { x = pixels == 5 ? v128.load32_splat(a3, 12) : spread(x3, 3); s30 = multiplyAdd(x, w0, s30); s31 = multiplyAdd(x, w1, s31); }
      if (pixels > 4) { x = v128.load32_splat(a4, 12); s40 = multiplyAdd(x, w0, s40); s41 = multiplyAdd(x, w1, s41); }
      panel += 128;
      a0 += 16; a1 += 16; a2 += 16; a3 += 16; a4 += 16;
    }
    while (panel != end) {
      const w0 = v128.load(panel), w1 = v128.load(panel, 16);
      panel += 32;
      let x = v128.load32_splat(a0); a0 += 4; s00 = multiplyAdd(x, w0, s00); s01 = multiplyAdd(x, w1, s01);
      if (pixels > 1) { x = v128.load32_splat(a1); a1 += 4; s10 = multiplyAdd(x, w0, s10); s11 = multiplyAdd(x, w1, s11); }
      if (pixels > 2) { x = v128.load32_splat(a2); a2 += 4; s20 = multiplyAdd(x, w0, s20); s21 = multiplyAdd(x, w1, s21); }
      if (pixels > 3) { x = v128.load32_splat(a3); a3 += 4; s30 = multiplyAdd(x, w0, s30); s31 = multiplyAdd(x, w1, s31); }
      if (pixels > 4) { x = v128.load32_splat(a4); a4 += 4; s40 = multiplyAdd(x, w0, s40); s41 = multiplyAdd(x, w1, s41); }
    }
    start += runStep;
   }
   from += lineStep;
  }
  finish(to, s00, s01, bias0, bias1, addend, slope, low, high, channels);
  if (pixels > 1) { to += toStep; finish(to, s10, s11, bias0, bias1, addend, slope, low, high, channels); }
  if (pixels > 2) { to += toStep; finish(to, s20, s21, bias0, bias1, addend, slope, low, high, channels); }
  if (pixels > 3) { to += toStep; finish(to, s30, s31, bias0, bias1, addend, slope, low, high, channels); }
  if (pixels > 4) { to += toStep; finish(to, s40, s41, bias0, bias1, addend, slope, low, high, channels); }
}

/**
 * A convolution, or a product of matrices, which is one of a single row and a single tap. What a filter meets of one row
 * of the picture lies in one piece, a run.
 *
 * @param y0 The first row of the output; likewise `y1`, behind the last, and `x0`, `x1` for columns.
 * @param from The picture, with its padding around it.
 * @param rowStep Bytes from what one row of the output meets to what the next does.
 * @param pixelStep Likewise from pixel to pixel.
 * @param runs How many runs a filter meets, one a row or, dilated, one a tap; at most `tapsInRow` in one row.
 * @param runBytes How long each is.
 * @param runStep From one to the next in a row of taps; `lineStep` from row to row of taps.
 * @param weights Packed by `packWeights`.
 * @param channels Of the output.
 * @param to The output, `toRow` bytes from row to row of it, and `toStep` from pixel to pixel.
 * @param addend Bytes from the output to what is added to it before the activation; 0 for nothing.
 */
export function convolve(
  y0: i32, y1: i32, x0: i32, x1: i32, from: usize, rowStep: usize, pixelStep: usize, lines: i32, lineStep: usize, runs: i32, runBytes: usize, runStep: usize,
  weights: usize, channels: i32, to: usize, toRow: usize, toStep: usize, bias: usize, addend: usize, slope: f32, low: f32, high: f32,
): void {
  const panelBytes = (<usize>(lines * runs) * runBytes) << 3;
  const least = f32x4.splat(low), most = f32x4.splat(high);
  const columns = x1 - x0;
  const tiles = (columns + 4) / 5;
  const size = (columns + tiles - 1) / tiles; // pixels of a tile: as even as can be
  const larger = columns - tiles * (size - 1); // so many tiles have that many, the others one less
  for (let channel = 0; channel < channels; channel += 8) {
    const left = channels - channel;
    const at = <usize>channel << 2;
    const b0 = bias ? loadSome(bias + at, left) : f32x4.splat(0);
    const b1 = bias ? loadSome(bias + at + 16, left - 4) : f32x4.splat(0);
    const panel = weights + <usize>(channel >> 3) * panelBytes;
    for (let y = y0; y < y1; y++) {
      let a = from + <usize>y * rowStep + <usize>x0 * pixelStep;
      let o = to + <usize>y * toRow + <usize>x0 * toStep + at;
      for (let index = 0; index < tiles; index++) {
        const pixels = index < larger ? size : size - 1;
        if (pixels == 5) tile(5, a, pixelStep, lines, lineStep, runs, runStep, runBytes, panel, o, toStep, b0, b1, addend, slope, least, most, left);
        else if (pixels == 4) tile(4, a, pixelStep, lines, lineStep, runs, runStep, runBytes, panel, o, toStep, b0, b1, addend, slope, least, most, left);
        else if (pixels == 3) tile(3, a, pixelStep, lines, lineStep, runs, runStep, runBytes, panel, o, toStep, b0, b1, addend, slope, least, most, left);
        else if (pixels == 2) tile(2, a, pixelStep, lines, lineStep, runs, runStep, runBytes, panel, o, toStep, b0, b1, addend, slope, least, most, left);
        else tile(1, a, pixelStep, lines, lineStep, runs, runStep, runBytes, panel, o, toStep, b0, b1, addend, slope, least, most, left);
        a += <usize>pixels * pixelStep;
        o += <usize>pixels * toStep;
      }
    }
  }
}

/**
 * Weights in the order in which `convolve` reads them: panels of eight channels, `[channels / 8, taps, 8]`, the last
 * filled up with zeros.
 *
 * @param taps Rows of the matrix: taps times input channels.
 * @param step Bytes from row to row.
 */
export function packWeights(taps: i32, channels: i32, from: usize, step: usize, to: usize): void {
  for (let channel = 0; channel < channels; channel += 8) {
    const left = channels - channel;
    let a = from + (<usize>channel << 2);
    for (let tap = 0; tap < taps; tap++) {
      v128.store(to, loadSome(a, left));
      v128.store(to, loadSome(a + 16, left - 4), 16);
      to += 32;
      a += step;
    }
  }
}
