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
