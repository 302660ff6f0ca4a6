import { loadSome, multiplyAdd, storeSome, sumOf } from "./arithmetic";

/** Numbers without a mean; behind the last there are zeros. */
// @ts-ignore: decorator
@inline
function someWithout(from: usize, mean: v128, count: i32): v128 {
  return keepSome(f32x4.sub(loadSome(from, count), mean), count);
}

/** The first few of four numbers, the rest 0. */
// @ts-ignore: decorator
@inline
function keepSome(value: v128, count: i32): v128 {
  return v128.and(value, i32x4.lt_s(i32x4(0, 1, 2, 3), i32x4.splat(count)));
}

/** The mean of a row. */
// @ts-ignore: decorator
@inline
function meanOf(from: usize, quads: usize, left: i32, channels: i32): f32 {
  let even = f32x4.splat(0), odd = even, at: usize = 0;
  for (; at + 16 < quads; at += 32) {
    even = f32x4.add(even, v128.load(from + at));
    odd = f32x4.add(odd, v128.load(from + at, 16));
  }
  if (at < quads) even = f32x4.add(even, v128.load(from + at));
  if (left) odd = f32x4.add(odd, loadSome(from + quads, left));
  return sumOf(f32x4.add(even, odd)) / <f32>channels;
}

/** 1 / √(σ² + ε) of a row without its mean. */
// @ts-ignore: decorator
@inline
function inverseOf(from: usize, mean: v128, quads: usize, left: i32, channels: i32, epsilon: f32): f32 {
  let even = f32x4.splat(0), odd = even, at: usize = 0;
  for (; at + 16 < quads; at += 32) {
    const first = f32x4.sub(v128.load(from + at), mean), second = f32x4.sub(v128.load(from + at, 16), mean);
    even = multiplyAdd(first, first, even);
    odd = multiplyAdd(second, second, odd);
  }
  if (at < quads) {
    const value = f32x4.sub(v128.load(from + at), mean);
    even = multiplyAdd(value, value, even);
  }
  if (left) {
    const value = someWithout(from + quads, mean, left);
    odd = multiplyAdd(value, value, odd);
  }
  return <f32>1 / sqrt<f32>(sumOf(f32x4.add(even, odd)) / <f32>channels + epsilon);
}

/**
 * Rows with mean and deviation taken out, times a scale and with a shift.
 *
 * @param scale `[channels]`; 0 for none. Likewise `shift`.
 * @param isCentred Whether the mean is taken out.
 */
export function normalizeRows(
  rows: i32, channels: i32, from: usize, to: usize, scale: usize, shift: usize, epsilon: f32, isCentred: i32,
): void {
  const left = channels & 3, quads = <usize>(channels - left) << 2, step = <usize>channels << 2;
  for (let row = 0; row < rows; row++) {
    const mean = f32x4.splat(isCentred ? meanOf(from, quads, left, channels) : 0);
    const inverse = f32x4.splat(inverseOf(from, mean, quads, left, channels, epsilon));
    for (let at: usize = 0; at < quads; at += 16) {
      let value = f32x4.mul(f32x4.sub(v128.load(from + at), mean), inverse);
      if (scale) value = f32x4.mul(value, v128.load(scale + at));
      if (shift) value = f32x4.add(value, v128.load(shift + at));
      v128.store(to + at, value);
    }
    if (left) {
      let value = f32x4.mul(f32x4.sub(loadSome(from + quads, left), mean), inverse);
      if (scale) value = f32x4.mul(value, loadSome(scale + quads, left));
      if (shift) value = f32x4.add(value, loadSome(shift + quads, left));
      storeSome(to + quads, value, left);
    }
    from += step;
    to += step;
  }
}

/** A gradient times a scale, where there is one. */
// @ts-ignore: decorator
@inline
function scaled(gradient: usize, scale: usize, at: usize): v128 {
  const value = v128.load(gradient + at);
  return scale ? f32x4.mul(value, v128.load(scale + at)) : value;
}

// @ts-ignore: decorator
@inline
function someScaled(gradient: usize, scale: usize, at: usize, count: i32): v128 {
  const value = loadSome(gradient + at, count);
  return scale ? f32x4.mul(value, loadSome(scale + at, count)) : value;
}

/** The way back over {@link normalizeRows}: with g times the scale, (g − mean(g) − n · mean(g · n)) / deviation. */
export function normalizeRowsBack(
  rows: i32, channels: i32, x: usize, gradient: usize, to: usize, scale: usize, epsilon: f32, isCentred: i32,
): void {
  const left = channels & 3, quads = <usize>(channels - left) << 2, step = <usize>channels << 2;
  for (let row = 0; row < rows; row++) {
    const mean = f32x4.splat(isCentred ? meanOf(x, quads, left, channels) : 0);
    const factor = inverseOf(x, mean, quads, left, channels, epsilon), inverse = f32x4.splat(factor);
    let sum = f32x4.splat(0), along = sum;
    for (let at: usize = 0; at < quads; at += 16) {
      const inner = scaled(gradient, scale, at);
      sum = f32x4.add(sum, inner);
      along = multiplyAdd(inner, f32x4.sub(v128.load(x + at), mean), along);
    }
    if (left) {
      const inner = someScaled(gradient, scale, quads, left);
      sum = f32x4.add(sum, inner);
      along = multiplyAdd(inner, someWithout(x + quads, mean, left), along);
    }
    const middle = f32x4.splat(isCentred ? sumOf(sum) / <f32>channels : 0);
    const part = f32x4.splat(sumOf(along) / <f32>channels * factor * factor);
    for (let at: usize = 0; at < quads; at += 16) {
      const inner = f32x4.sub(scaled(gradient, scale, at), middle);
      const normal = f32x4.mul(f32x4.sub(v128.load(x + at), mean), part);
      v128.store(to + at, f32x4.mul(f32x4.sub(inner, normal), inverse));
    }
    if (left) {
      const inner = f32x4.sub(someScaled(gradient, scale, quads, left), middle);
      const normal = f32x4.mul(f32x4.sub(loadSome(x + quads, left), mean), part);
      storeSome(to + quads, f32x4.mul(f32x4.sub(inner, normal), inverse), left);
    }
    x += step;
    gradient += step;
    to += step;
  }
}
