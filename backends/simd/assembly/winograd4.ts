import { addAndActivate as finish, held, multiplyAdd } from "./arithmetic";
import { convolve } from "./convolution";

// Points at which polynomials are multiplied: 0, ±a, ±b and infinity. With these two, which a float32 holds with all that is
// made of them, roundings are a third of those with 1 and 2.
const a: f32 = 0.75, b: f32 = 1.5;

/** Between two matrices lie so many bytes more, so that the 36 numbers of a tile do not fall on the same lines of a cache. */
const gap: usize = 64;

// @ts-ignore: decorator
@inline
function add(x: v128, y: v128): v128 { return f32x4.add(x, y); }
// @ts-ignore: decorator
@inline
function sub(x: v128, y: v128): v128 { return f32x4.sub(x, y); }
// @ts-ignore: decorator
@inline
function mul(x: v128, y: v128): v128 { return f32x4.mul(x, y); }

/** Three taps as six numbers, `step` bytes apart: G · g. */
// @ts-ignore: decorator
@inline
function widen(x: v128, y: v128, z: v128, to: usize, step: usize): void {
  v128.store(to, mul(x, f32x4.splat(1 / (a * a * b * b))));
  const ofA: f32 = 1 / (2 * a * a * (a * a - b * b)), ofB: f32 = 1 / (2 * b * b * (b * b - a * a));
  let even = mul(multiplyAdd(z, f32x4.splat(a * a), x), f32x4.splat(ofA)), odd = mul(y, f32x4.splat(a * ofA));
  v128.store(to + step, add(even, odd));
  v128.store(to + 2 * step, sub(even, odd));
  even = mul(multiplyAdd(z, f32x4.splat(b * b), x), f32x4.splat(ofB)), odd = mul(y, f32x4.splat(b * ofB));
  v128.store(to + 3 * step, add(even, odd));
  v128.store(to + 4 * step, sub(even, odd));
  v128.store(to + 5 * step, z);
}

/**
 * Filters of 3×3 taps as 6×6 numbers each, G · g · Gᵀ, one matrix for each of the 36 in the order in which `convolve` reads
 * them. Channels are multiples of four.
 *
 * @param weights `[3, 3, inputs, outputs]`, `step` bytes from input to input.
 * @param to 36 matrices, `plane` bytes from one to the next; likewise for some outputs of more.
 * @param scratch Room for 18 vectors.
 */
export function transformWeights4(
  inputs: i32, outputs: i32, weights: usize, step: usize, to: usize, plane: usize, scratch: usize,
): void {
  const tap = <usize>inputs * step, panel = <usize>inputs << 5;
  if (outputs & 4) { // half of the last panel is empty
    for (let k: usize = 0; k < 36; k++) memory.fill(to + k * plane + <usize>(outputs >> 3) * panel, 0, panel);
  }
  for (let output = 0; output < outputs; output += 4) {
    const column = to + <usize>(output >> 3) * panel + (<usize>(output & 4) << 2);
    for (let input = 0; input < inputs; input++) {
      let from = weights + <usize>input * step + (<usize>output << 2);
      for (let x: usize = 0; x < 48; x += 16) { // down: each column of three taps becomes six numbers
        widen(v128.load(from), v128.load(from + 3 * tap), v128.load(from + 6 * tap), scratch + x, 48);
        from += tap;
      }
      let o = column + (<usize>input << 5);
      for (let y: usize = 0; y < 288; y += 48, o += 6 * plane) {
        widen(v128.load(scratch + y), v128.load(scratch + y, 16), v128.load(scratch + y, 32), o, plane);
      }
    }
  }
}

/** Six numbers, `fromStep` bytes apart, as six others: Bᵀ · d. */
// @ts-ignore: decorator
@inline
function transformSix(
  from: usize, fromStep: usize, to: usize, toStep: usize, pa: v128, pb: v128, minusA: v128, minusB: v128, minusSum: v128, product: v128,
): void {
  const x0 = v128.load(from), x1 = v128.load(from + fromStep), x2 = v128.load(from + 2 * fromStep);
  const x3 = v128.load(from + 3 * fromStep), x4 = v128.load(from + 4 * fromStep), x5 = v128.load(from + 5 * fromStep);
  v128.store(to, multiplyAdd(x0, product, multiplyAdd(x2, minusSum, x4)));
  let even = multiplyAdd(x2, minusB, x4), odd = mul(multiplyAdd(x1, minusB, x3), pa);
  v128.store(to + toStep, add(even, odd));
  v128.store(to + 2 * toStep, sub(even, odd));
  even = multiplyAdd(x2, minusA, x4), odd = mul(multiplyAdd(x1, minusA, x3), pb);
  v128.store(to + 3 * toStep, add(even, odd));
  v128.store(to + 4 * toStep, sub(even, odd));
  v128.store(to + 5 * toStep, multiplyAdd(x1, product, multiplyAdd(x3, minusSum, x5)));
}

/** Six by six pixels, Bᵀ · d · B, four channels at a time, each of the 36 numbers in its own matrix. */
function transformTile(from: usize, row: usize, pixel: usize, to: usize, plane: usize, own: usize): void {
  const pa = f32x4.splat(held(a, own)), pb = f32x4.splat(held(b, own));
  const minusA = f32x4.splat(held(-a * a, own)), minusB = f32x4.splat(held(-b * b, own));
  const minusSum = f32x4.splat(held(-a * a - b * b, own)), product = f32x4.splat(held(a * a * b * b, own));
  for (let c: usize = 0; c < pixel; c += 16) {
    let at = from + c;
    for (let y: usize = 0; y < 96; y += 16, at += row) { // across: each row's numbers as a column
      transformSix(at, pixel, own + y, 96, pa, pb, minusA, minusB, minusSum, product);
    }
    let o = to + c;
    for (let x: usize = 0; x < 576; x += 96, o += plane) {
      transformSix(own + x, 16, o, 6 * plane, pa, pb, minusA, minusB, minusSum, product);
    }
  }
}

/** Back to four by four pixels of `bytes` bytes each, Aᵀ · m · A, as far as they are part of the output. */
function finishTile(
  from: usize, bytes: usize, plane: usize, to: usize, row: usize, pixel: usize, rows: i32, columns: i32,
  bias: usize, addend: usize, slope: f32, low: v128, high: v128, own: usize,
): void {
  const pa = f32x4.splat(held(a, own)), pb = f32x4.splat(held(b, own));
  const a2 = f32x4.splat(held(a * a, own)), b2 = f32x4.splat(held(b * b, own));
  const a3 = f32x4.splat(held(a * a * a, own)), b3 = f32x4.splat(held(b * b * b, own));
  for (let c: usize = 0; c < bytes; c += 16) {
    let at = from + c;
    for (let x: usize = 0; x < 96; x += 16, at += plane) { // down
      const m0 = v128.load(at), m1 = v128.load(at + 6 * plane), m2 = v128.load(at + 12 * plane);
      const m3 = v128.load(at + 18 * plane), m4 = v128.load(at + 24 * plane), m5 = v128.load(at + 30 * plane);
      const p = add(m1, m2), q = add(m3, m4), r = sub(m1, m2), s = sub(m3, m4);
      v128.store(own + x, add(m0, add(p, q)));
      v128.store(own + x, multiplyAdd(s, pb, mul(r, pa)), 96);
      v128.store(own + x, multiplyAdd(q, b2, mul(p, a2)), 192);
      v128.store(own + x, multiplyAdd(s, b3, multiplyAdd(r, a3, m5)), 288);
    }
    const shift = bias ? v128.load(bias + c) : f32x4.splat(0);
    let o = to + c, line = own;
    for (let y = 0; y < rows; y++, o += row, line += 96) {
      const m0 = v128.load(line), m1 = v128.load(line, 16), m2 = v128.load(line, 32);
      const m3 = v128.load(line, 48), m4 = v128.load(line, 64), m5 = v128.load(line, 80);
      const p = add(m1, m2), q = add(m3, m4), r = sub(m1, m2), s = sub(m3, m4);
      finish(o, add(shift, add(m0, add(p, q))), addend, slope, low, high);
      if (columns > 1) finish(o + pixel, add(shift, multiplyAdd(s, pb, mul(r, pa))), addend, slope, low, high);
      if (columns > 2) finish(o + 2 * pixel, add(shift, multiplyAdd(q, b2, mul(p, a2))), addend, slope, low, high);
      if (columns > 3) {
        finish(o + 3 * pixel, add(shift, multiplyAdd(s, b3, multiplyAdd(r, a3, m5))), addend, slope, low, high);
      }
    }
  }
}

/**
 * A convolution with 3×3 taps, stride 1, after Winograd (F(4×4, 3×3): Lavin and Gray, 2016): 36 products for 16 pixels in
 * place of 144. Channels are multiples of four.
 *
 * @param from Rows with their padding, `4 * ceil(height / 4) + 2` of them, each of `4 * ceil(width / 4) + 2` pixels.
 * @param weights Made by `transformWeights4`: 36, `matrix` bytes from one to the next; likewise for some outputs of more.
 * @param to `[height, width, outputs]`, `outPixel` bytes from pixel to pixel.
 * @param scratch Room for 36 numbers of each tile, for all inputs and outputs, for 64 bytes more 72 times, and 576 bytes.
 * @param tiles So many are computed at once.
 * @param addend Bytes from the output to what is added to it before the activation; 0 for nothing.
 */
export function convolveWinograd4(
  from: usize, inputs: i32, weights: usize, matrix: usize, outputs: i32, to: usize, outPixel: usize, height: i32, width: i32,
  scratch: usize, tiles: i32, bias: usize, addend: usize, slope: f32, low: f32, high: f32,
): void {
  const across = (width + 3) >> 2, all = across * ((height + 3) >> 2);
  const pixel = <usize>inputs << 2, row = <usize>(4 * across + 2) * pixel, plane = <usize>tiles * pixel + gap;
  const bytes = <usize>outputs << 2, outRow = <usize>width * outPixel, outPlane = <usize>tiles * bytes + gap;
  const own = scratch, given = scratch + 576, products = given + 36 * plane;
  const least = f32x4.splat(low), most = f32x4.splat(high);
  for (let first = 0; first < all; first += tiles) {
    const count = min(tiles, all - first);
    for (let index = 0; index < count; index++) {
      const y = (first + index) / across, x = first + index - y * across;
      transformTile(from + <usize>(4 * y) * row + <usize>(4 * x) * pixel, row, pixel, given + <usize>index * pixel, plane, own);
    }
    for (let k: usize = 0; k < 36; k++) {
      convolve(
        0, 1, 0, count, given + k * plane, 0, pixel, 1, 0, 1, pixel, 0, weights + k * matrix, outputs,
        products + k * outPlane, 0, bytes, 0, 0, 1, -Infinity, Infinity,
      );
    }
    for (let index = 0; index < count; index++) {
      const y = (first + index) / across, x = first + index - y * across;
      finishTile(
        products + <usize>index * bytes, bytes, outPlane, to + <usize>(4 * y) * outRow + <usize>(4 * x) * outPixel, outRow, outPixel,
        min(4, height - 4 * y), min(4, width - 4 * x), bias, addend, slope, least, most, own,
      );
    }
  }
}
