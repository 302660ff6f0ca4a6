/** a · b + c: rounded once where the build has relaxed SIMD, else twice. */
// @ts-ignore: decorator
@inline
export function multiplyAdd(a: v128, b: v128, c: v128): v128 {
  return ASC_FEATURE_RELAXED_SIMD ? f32x4.relaxed_madd(a, b, c) : f32x4.add(f32x4.mul(a, b), c);
}

/** What comes after a sum: values below 0 times a slope, where it is not 1, and then a range. What is no number stays so. */
// @ts-ignore: decorator
@inline
export function activate(value: v128, slope: f32, low: v128, high: v128): v128 {
  if (slope != 1) {
    const below = f32x4.lt(value, f32x4.splat(0));
    value = v128.bitselect(f32x4.mul(value, f32x4.splat(slope)), value, below);
  }
  return f32x4.pmin(f32x4.pmax(value, low), high);
}

/** A sum, what is added to it, which lies so many bytes behind it, and the activation, to memory. */
// @ts-ignore: decorator
@inline
export function addAndActivate(to: usize, value: v128, addend: usize, slope: f32, low: v128, high: v128): void {
  if (addend) value = f32x4.add(value, v128.load(to + addend));
  v128.store(to, activate(value, slope, low, high));
}

/** Up to four values from memory, the rest 0. */
export function loadSome(from: usize, count: i32): v128 {
  if (count >= 4) return v128.load(from);
  let value = f32x4.splat(0);
  if (count > 0) value = f32x4.replace_lane(value, 0, load<f32>(from));
  if (count > 1) value = f32x4.replace_lane(value, 1, load<f32>(from, 4));
  if (count > 2) value = f32x4.replace_lane(value, 2, load<f32>(from, 8));
  return value;
}

/** The first few of four values to memory. */
export function storeSome(to: usize, value: v128, count: i32): void {
  if (count >= 4) return v128.store(to, value);
  if (count > 0) store<f32>(to, f32x4.extract_lane(value, 0));
  if (count > 1) store<f32>(to, f32x4.extract_lane(value, 1), 4);
  if (count > 2) store<f32>(to, f32x4.extract_lane(value, 2), 8);
}

/** The sum of four numbers. */
// @ts-ignore: decorator
@inline
export function sumOf(value: v128): f32 {
  return (f32x4.extract_lane(value, 0) + f32x4.extract_lane(value, 1)) + (f32x4.extract_lane(value, 2) + f32x4.extract_lane(value, 3));
}

/** eˣ to about its last digit, 0 below the smallest ordinary number; what is no number stays so. */
// @ts-ignore: decorator
@inline
export function exponential(x: v128): v128 {
  const isTiny = f32x4.lt(x, f32x4.splat(-87.33));
  x = f32x4.pmin(f32x4.pmax(x, f32x4.splat(-87.33)), f32x4.splat(88.72));
  const whole = f32x4.nearest(f32x4.mul(x, f32x4.splat(1.44269504088896341)));
  let rest = multiplyAdd(whole, f32x4.splat(-0.693359375), x); // ln 2 in two parts
  rest = multiplyAdd(whole, f32x4.splat(2.12194440e-4), rest);
  let sum = multiplyAdd(rest, f32x4.splat(1.9875691500e-4), f32x4.splat(1.3981999507e-3));
  sum = multiplyAdd(sum, rest, f32x4.splat(8.3334519073e-3));
  sum = multiplyAdd(sum, rest, f32x4.splat(4.1665795894e-2));
  sum = multiplyAdd(sum, rest, f32x4.splat(1.6666665459e-1));
  sum = multiplyAdd(sum, rest, f32x4.splat(5.0000001201e-1));
  sum = f32x4.add(multiplyAdd(sum, f32x4.mul(rest, rest), rest), f32x4.splat(1));
  // 2¹²⁸ is beyond what an exponent holds: half of the power is multiplied in twice.
  const power = i32x4.trunc_sat_f32x4_s(whole), half = i32x4.shr_s(power, 1);
  const first = i32x4.shl(i32x4.add(half, i32x4.splat(127)), 23);
  const second = i32x4.shl(i32x4.add(i32x4.sub(power, half), i32x4.splat(127)), 23);
  return v128.andnot(f32x4.mul(f32x4.mul(sum, first), second), isTiny);
}

/**
 * A constant that stays in a register: V8 makes a constant vector anew each time that it is used.
 *
 * @param address Any but 0, which the compiler does not know.
 */
// @ts-ignore: decorator
@inline
export function held(value: f32, address: usize): f32 {
  return address ? value : 0;
}
