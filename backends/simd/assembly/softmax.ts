import { exponential, loadSome, multiplyAdd, storeSome, sumOf } from "./arithmetic";

/** The largest number of a row. */
// @ts-ignore: decorator
@inline
function largestOf(from: usize, channels: i32): f32 {
  let most = f32x4.splat(-Infinity), at: usize = 0;
  const end = <usize>(channels & ~3) << 2;
  for (; at < end; at += 16) most = f32x4.pmax(most, v128.load(from + at));
  let largest = max<f32>(
    max<f32>(f32x4.extract_lane(most, 0), f32x4.extract_lane(most, 1)),
    max<f32>(f32x4.extract_lane(most, 2), f32x4.extract_lane(most, 3)),
  );
  for (; at < <usize>channels << 2; at += 4) largest = max<f32>(largest, load<f32>(from + at));
  return largest;
}

/** Of each row the exponentials as parts of their sum. */
export function softmaxRows(rows: i32, channels: i32, from: usize, to: usize): void {
  const left = channels & 3, quads = <usize>(channels - left) << 2, step = <usize>channels << 2;
  for (let row = 0; row < rows; row++) {
    const most = f32x4.splat(largestOf(from, channels));
    let sum = f32x4.splat(0);
    for (let at: usize = 0; at < quads; at += 16) {
      const value = exponential(f32x4.sub(v128.load(from + at), most));
      sum = f32x4.add(sum, value);
      v128.store(to + at, value);
    }
    if (left) {
      storeSome(to + quads, exponential(f32x4.sub(loadSome(from + quads, left), most)), left);
      sum = f32x4.add(sum, loadSome(to + quads, left));
    }
    const part = f32x4.splat(<f32>1 / sumOf(sum));
    for (let at: usize = 0; at < quads; at += 16) v128.store(to + at, f32x4.mul(v128.load(to + at), part));
    if (left) storeSome(to + quads, f32x4.mul(loadSome(to + quads, left), part), left);
    from += step;
    to += step;
  }
}

/** The way back over it: (g − Σ g · s) · s. */
export function softmaxRowsBack(rows: i32, channels: i32, gradient: usize, output: usize, to: usize): void {
  const left = channels & 3, quads = <usize>(channels - left) << 2, step = <usize>channels << 2;
  for (let row = 0; row < rows; row++) {
    let sum = f32x4.splat(0);
    for (let at: usize = 0; at < quads; at += 16) sum = multiplyAdd(v128.load(gradient + at), v128.load(output + at), sum);
    if (left) sum = multiplyAdd(loadSome(gradient + quads, left), loadSome(output + quads, left), sum);
    const along = f32x4.splat(sumOf(sum));
    for (let at: usize = 0; at < quads; at += 16) {
      v128.store(to + at, f32x4.mul(f32x4.sub(v128.load(gradient + at), along), v128.load(output + at)));
    }
    if (left) {
      const value = f32x4.sub(loadSome(gradient + quads, left), along);
      storeSome(to + quads, f32x4.mul(value, loadSome(output + quads, left)), left);
    }
    gradient += step;
    output += step;
    to += step;
  }
}
