import { addAndActivate as finish } from "./arithmetic";
import { convolve } from "./convolution";

// @ts-ignore: decorator
@inline
function add(a: v128, b: v128): v128 { return f32x4.add(a, b); }
// @ts-ignore: decorator
@inline
function sub(a: v128, b: v128): v128 { return f32x4.sub(a, b); }

/**
 * Filters of 3×3 taps as 4×4 numbers each, G · g · Gᵀ, one matrix for each of the sixteen in the order in which `convolve`
 * reads them. Channels are multiples of four.
 *
 * @param weights `[3, 3, inputs, outputs]`, `step` bytes from input to input.
 * @param to Sixteen matrices, `plane` bytes from one to the next; likewise for some outputs of more.
 */
export function transformWeights(inputs: i32, outputs: i32, weights: usize, step: usize, to: usize, plane: usize): void {
  const tap = <usize>inputs * step, half = f32x4.splat(0.5), panel = <usize>inputs << 5;
  if (outputs & 4) { // half of the last panel is empty
    for (let k: usize = 0; k < 16; k++) memory.fill(to + k * plane + <usize>(outputs >> 3) * panel, 0, panel);
  }
  for (let output = 0; output < outputs; output += 4) {
    const column = <usize>(output >> 3) * panel + (<usize>(output & 4) << 2);
    for (let input = 0; input < inputs; input++) {
      let a = weights + <usize>input * step + (<usize>output << 2);
      let o = to + column + (<usize>input << 5);
      // Down: each column of three taps becomes four numbers. Then across.
      const x0 = v128.load(a), x1 = v128.load(a + tap), x2 = v128.load(a + 2 * tap); a += 3 * tap;
      const y0 = v128.load(a), y1 = v128.load(a + tap), y2 = v128.load(a + 2 * tap); a += 3 * tap;
      const z0 = v128.load(a), z1 = v128.load(a + tap), z2 = v128.load(a + 2 * tap);
      o = across(o, plane, x0, x1, x2);
      o = across(o, plane, middle(x0, y0, z0, half), middle(x1, y1, z1, half), middle(x2, y2, z2, half));
      o = across(o, plane, between(x0, y0, z0, half), between(x1, y1, z1, half), between(x2, y2, z2, half));
      across(o, plane, z0, z1, z2);
    }
  }
}

/** (a + b + c) / 2 */
// @ts-ignore: decorator
@inline
function middle(a: v128, b: v128, c: v128, half: v128): v128 { return f32x4.mul(add(add(a, b), c), half); }

/** (a − b + c) / 2 */
// @ts-ignore: decorator
@inline
function between(a: v128, b: v128, c: v128, half: v128): v128 { return f32x4.mul(add(sub(a, b), c), half); }

/** A row of three as four numbers, each in the next matrix; what follows them. */
function across(to: usize, plane: usize, a: v128, b: v128, c: v128): usize {
  const half = f32x4.splat(0.5);
  v128.store(to, a);
  v128.store(to + plane, middle(a, b, c, half));
  v128.store(to + 2 * plane, between(a, b, c, half));
  v128.store(to + 3 * plane, c);
  return to + 4 * plane;
}

/** Four by four pixels, Bᵀ · d · B, four channels at a time, each of the sixteen numbers in its own matrix. */
function transformTile(from: usize, row: usize, pixel: usize, to: usize, plane: usize): void {
  for (let c: usize = 0; c < pixel; c += 16) {
    let p = from + c;
    let x0 = v128.load(p), x1 = v128.load(p + pixel), x2 = v128.load(p + 2 * pixel), x3 = v128.load(p + 3 * pixel); p += row;
    const a0 = sub(x0, x2), a1 = add(x1, x2), a2 = sub(x2, x1), a3 = sub(x1, x3);
    x0 = v128.load(p); x1 = v128.load(p + pixel); x2 = v128.load(p + 2 * pixel); x3 = v128.load(p + 3 * pixel); p += row;
    const b0 = sub(x0, x2), b1 = add(x1, x2), b2 = sub(x2, x1), b3 = sub(x1, x3);
    x0 = v128.load(p); x1 = v128.load(p + pixel); x2 = v128.load(p + 2 * pixel); x3 = v128.load(p + 3 * pixel); p += row;
    const c0 = sub(x0, x2), c1 = add(x1, x2), c2 = sub(x2, x1), c3 = sub(x1, x3);
    x0 = v128.load(p); x1 = v128.load(p + pixel); x2 = v128.load(p + 2 * pixel); x3 = v128.load(p + 3 * pixel);
    const d0 = sub(x0, x2), d1 = add(x1, x2), d2 = sub(x2, x1), d3 = sub(x1, x3);
    let o = to + c;
    v128.store(o, sub(a0, c0)); o += plane; v128.store(o, sub(a1, c1)); o += plane; v128.store(o, sub(a2, c2)); o += plane; v128.store(o, sub(a3, c3)); o += plane;
    v128.store(o, add(b0, c0)); o += plane; v128.store(o, add(b1, c1)); o += plane; v128.store(o, add(b2, c2)); o += plane; v128.store(o, add(b3, c3)); o += plane;
    v128.store(o, sub(c0, b0)); o += plane; v128.store(o, sub(c1, b1)); o += plane; v128.store(o, sub(c2, b2)); o += plane; v128.store(o, sub(c3, b3)); o += plane;
    v128.store(o, sub(b0, d0)); o += plane; v128.store(o, sub(b1, d1)); o += plane; v128.store(o, sub(b2, d2)); o += plane; v128.store(o, sub(b3, d3));
  }
}

/** Back to two by two pixels of `bytes` bytes each, Aᵀ · m · A, as far as they are part of the output. */
function finishTile(
  from: usize, bytes: usize, plane: usize, to: usize, row: usize, pixel: usize, down: bool, right: bool,
  bias: usize, addend: usize, slope: f32, low: v128, high: v128,
): void {
  for (let c: usize = 0; c < bytes; c += 16) {
    let p = from + c;
    const m00 = v128.load(p), m01 = v128.load(p + plane), m02 = v128.load(p + 2 * plane), m03 = v128.load(p + 3 * plane); p += 4 * plane;
    const m10 = v128.load(p), m11 = v128.load(p + plane), m12 = v128.load(p + 2 * plane), m13 = v128.load(p + 3 * plane); p += 4 * plane;
    const m20 = v128.load(p), m21 = v128.load(p + plane), m22 = v128.load(p + 2 * plane), m23 = v128.load(p + 3 * plane); p += 4 * plane;
    const m30 = v128.load(p), m31 = v128.load(p + plane), m32 = v128.load(p + 2 * plane), m33 = v128.load(p + 3 * plane);
    const b = bias ? v128.load(bias + c) : f32x4.splat(0), o = to + c;
    const r0 = add(add(m00, m10), m20), r1 = add(add(m01, m11), m21), r2 = add(add(m02, m12), m22), r3 = add(add(m03, m13), m23);
    finish(o, add(b, add(add(r0, r1), r2)), addend, slope, low, high);
    if (right) finish(o + pixel, add(b, sub(sub(r1, r2), r3)), addend, slope, low, high);
    if (!down) continue;
    const s0 = sub(sub(m10, m20), m30), s1 = sub(sub(m11, m21), m31), s2 = sub(sub(m12, m22), m32), s3 = sub(sub(m13, m23), m33);
    finish(o + row, add(b, add(add(s0, s1), s2)), addend, slope, low, high);
    if (right) finish(o + row + pixel, add(b, sub(sub(s1, s2), s3)), addend, slope, low, high);
  }
}

/**
 * A convolution with 3×3 taps, stride 1, after Winograd (F(2×2, 3×3): Lavin and Gray, 2016): 16 products for four pixels in
 * place of 36. Channels are multiples of four.
 *
 * @param from Rows with their padding, `2 * ceil(height / 2) + 2` of them, each of `2 * ceil(width / 2) + 2` pixels.
 * @param weights Made by `transformWeights`: sixteen, `matrix` bytes from one to the next; likewise for some outputs of more.
 * @param to `[height, width, outputs]`, `outPixel` bytes from pixel to pixel.
 * @param scratch Room for 16 numbers of each tile, for all inputs and outputs.
 * @param tiles So many are computed at once.
 * @param addend Bytes from the output to what is added to it before the activation; 0 for nothing.
 */
export function convolveWinograd(
  from: usize, inputs: i32, weights: usize, matrix: usize, outputs: i32, to: usize, outPixel: usize, height: i32, width: i32,
  scratch: usize, tiles: i32, bias: usize, addend: usize, slope: f32, low: f32, high: f32,
): void {
  const across = (width + 1) >> 1, all = across * ((height + 1) >> 1);
  const pixel = <usize>inputs << 2, row = <usize>(2 * across + 2) * pixel, plane = <usize>tiles * pixel;
  const bytes = <usize>outputs << 2, outRow = <usize>width * outPixel, outPlane = <usize>tiles * bytes;
  const products = scratch + 16 * plane;
  const least = f32x4.splat(low), most = f32x4.splat(high);
  for (let first = 0; first < all; first += tiles) {
    const count = min(tiles, all - first);
    for (let index = 0; index < count; index++) {
      const y = (first + index) / across, x = first + index - y * across;
      transformTile(from + <usize>(2 * y) * row + <usize>(2 * x) * pixel, row, pixel, scratch + <usize>index * pixel, plane);
    }
    for (let k: usize = 0; k < 16; k++) {
      convolve(
        0, 1, 0, count, scratch + k * plane, 0, pixel, 1, 0, 1, pixel, 0, weights + k * matrix, outputs,
        products + k * outPlane, 0, bytes, 0, 0, 1, -Infinity, Infinity,
      );
    }
    for (let index = 0; index < count; index++) {
      const y = (first + index) / across, x = first + index - y * across;
      finishTile(
        products + <usize>index * bytes, bytes, outPlane, to + <usize>(2 * y) * outRow + <usize>(2 * x) * outPixel, outRow, outPixel,
        2 * y + 1 < height, 2 * x + 1 < width, bias, addend, slope, least, most,
      );
    }
  }
}
