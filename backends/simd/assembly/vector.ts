import { activate, loadSome, multiplyAdd, storeSome } from "./arithmetic";

/** Four rows of the matrix, each times its number, added to the sums; `rows` is known when it is inlined. */
// @ts-ignore: decorator
@inline
function addRows(rows: i32, x: usize, weights: usize, step: usize, channels: i32, to: usize): void {
  const x0 = v128.load32_splat(x), x1 = rows > 1 ? v128.load32_splat(x, 4) : x0;
  const x2 = rows > 1 ? v128.load32_splat(x, 8) : x0, x3 = rows > 1 ? v128.load32_splat(x, 12) : x0;
  const quads = <usize>(channels & ~3) << 2;
  for (let at: usize = 0; at < quads; at += 16) {
    const w = weights + at;
    let sum = multiplyAdd(v128.load(w), x0, v128.load(to + at));
    if (rows > 1) {
      sum = multiplyAdd(v128.load(w + step), x1, sum);
      sum = multiplyAdd(v128.load(w + 2 * step), x2, sum);
      sum = multiplyAdd(v128.load(w + 3 * step), x3, sum);
    }
    v128.store(to + at, sum);
  }
  const left = channels & 3;
  if (left == 0) return;
  const w = weights + quads;
  let sum = multiplyAdd(loadSome(w, left), x0, loadSome(to + quads, left));
  if (rows > 1) {
    sum = multiplyAdd(loadSome(w + step, left), x1, sum);
    sum = multiplyAdd(loadSome(w + 2 * step, left), x2, sum);
    sum = multiplyAdd(loadSome(w + 3 * step, left), x3, sum);
  }
  storeSome(to + quads, sum, left);
}

/**
 * A vector times a matrix as it is: each weight is needed once, so that packing them would take longer.
 *
 * @param taps Rows of the matrix, as many as the vector has numbers.
 * @param weights `[taps, channels]`, `step` bytes from row to row.
 */
export function multiplyVector(
  taps: i32, channels: i32, x: usize, weights: usize, step: usize, to: usize, bias: usize, slope: f32, low: f32, high: f32,
): void {
  memory.fill(to, 0, <usize>channels << 2);
  let tap = 0;
  for (; tap + 4 <= taps; tap += 4) addRows(4, x + (<usize>tap << 2), weights + <usize>tap * step, step, channels, to);
  for (; tap < taps; tap++) addRows(1, x + (<usize>tap << 2), weights + <usize>tap * step, step, channels, to);
  const least = f32x4.splat(low), most = f32x4.splat(high);
  for (let channel = 0; channel < channels; channel += 4) {
    const at = <usize>channel << 2, left = channels - channel;
    let sum = loadSome(to + at, left);
    if (bias) sum = f32x4.add(sum, loadSome(bias + at, left));
    storeSome(to + at, activate(sum, slope, least, most), left);
  }
}
