import { exponential, loadSome, multiplyAdd, storeSome } from "./arithmetic";

/** e^(−x²/2) */
// @ts-ignore: decorator
@inline
function bell(x: v128): v128 {
  return exponential(f32x4.mul(f32x4.mul(x, x), f32x4.splat(-0.5)));
}

/** Φ(x), the part of the normal distribution below x, after Abramowitz and Stegun, 7.1.26, to 10⁻⁷. */
// @ts-ignore: decorator
@inline
function below(x: v128, bell: v128): v128 {
  const one = f32x4.splat(1);
  const t = f32x4.div(one, multiplyAdd(f32x4.abs(x), f32x4.splat(0.3275911 * 0.70710678118654752), one));
  let sum = multiplyAdd(t, f32x4.splat(0.5 * 1.061405429), f32x4.splat(0.5 * -1.453152027));
  sum = multiplyAdd(sum, t, f32x4.splat(0.5 * 1.421413741));
  sum = multiplyAdd(sum, t, f32x4.splat(0.5 * -0.284496736));
  sum = multiplyAdd(sum, t, f32x4.splat(0.5 * 0.254829592));
  const tail = f32x4.mul(f32x4.mul(sum, t), bell); // Φ(−|x|)
  return v128.bitselect(f32x4.sub(one, tail), tail, f32x4.gt(x, f32x4.splat(0)));
}

/** √(2/π), and how much of x³ the approximation takes. */
const root: f32 = 0.79788456080286536, cubic: f32 = 0.044715;

/** 1 / (1 + e^(−2u)) with u = √(2/π)·(x + 0.044715·x³), which is (1 + tanh u) / 2. */
// @ts-ignore: decorator
@inline
function bend(x: v128): v128 {
  const inner = multiplyAdd(f32x4.mul(x, x), f32x4.splat(-2 * root * cubic), f32x4.splat(-2 * root));
  const one = f32x4.splat(1);
  return f32x4.div(one, f32x4.add(one, exponential(f32x4.mul(x, inner))));
}

// @ts-ignore: decorator
@inline
function gelu(x: v128, isBent: bool): v128 {
  return f32x4.mul(x, isBent ? bend(x) : below(x, bell(x)));
}

/** The slope of it. */
// @ts-ignore: decorator
@inline
function slope(x: v128, isBent: bool): v128 {
  if (isBent) {
    const bent = bend(x);
    const inner = multiplyAdd(f32x4.mul(x, x), f32x4.splat(6 * root * cubic), f32x4.splat(2 * root));
    return multiplyAdd(f32x4.mul(x, inner), f32x4.mul(bent, f32x4.sub(f32x4.splat(1), bent)), bent);
  }
  const height = bell(x);
  return multiplyAdd(f32x4.mul(x, f32x4.splat(0.39894228040143268)), height, below(x, height));
}

// @ts-ignore: decorator
@inline
function apply(count: i32, from: usize, to: usize, isBent: bool): void {
  const left = count & 3, end = from + (<usize>(count - left) << 2);
  for (; from < end; from += 16, to += 16) v128.store(to, gelu(v128.load(from), isBent));
  if (left) storeSome(to, gelu(loadSome(from, left), isBent), left);
}

// @ts-ignore: decorator
@inline
function back(count: i32, x: usize, gradient: usize, to: usize, isBent: bool): void {
  const left = count & 3, end = x + (<usize>(count - left) << 2);
  for (; x < end; x += 16, gradient += 16, to += 16) {
    v128.store(to, f32x4.mul(v128.load(gradient), slope(v128.load(x), isBent)));
  }
  if (left) storeSome(to, f32x4.mul(loadSome(gradient, left), slope(loadSome(x, left), isBent)), left);
}

/** x·Φ(x) of each number, or where it is bent its approximation by tanh. */
export function applyGelu(count: i32, from: usize, to: usize, isBent: i32): void {
  if (isBent) apply(count, from, to, true);
  else apply(count, from, to, false);
}

/** The way back over it: gradients times its slope at what it took. */
export function geluBack(count: i32, x: usize, gradient: usize, to: usize, isBent: i32): void {
  if (isBent) back(count, x, gradient, to, true);
  else back(count, x, gradient, to, false);
}
