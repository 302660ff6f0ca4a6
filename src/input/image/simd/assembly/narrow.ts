/**
 * Weighted sums of pixels across, of three colours each, rounded to whole numbers of 8 bits. Weights are fractions of 2²²,
 * of which the upper and the lower half are multiplied apart, two pixels at a time: `upper · 2¹² + lower`.
 *
 * @param rows RGBA; two pixels behind the last are read.
 * @param count How many rows.
 * @param stride Bytes from one row to the next.
 * @param columns How many sums a row.
 * @param plan For each column: its first pixel, how many pairs of pixels count, and where their weights are.
 * @param out Takes of each row the reds, the greens and the blues.
 */
export function narrowRows(
  rows: usize,
  count: u32,
  stride: u32,
  columns: u32,
  plan: usize,
  out: usize,
): void {
  const zero = i32x4.splat(0);
  const half = i32x4.splat(1 << 21);
  for (let column: u32 = 0; column < columns; column++, plan += 12) {
    const left = load<u32>(plan) << 2;
    const pairs = load<u32>(plan + 4);
    const weights = <usize> load<u32>(plan + 8);
    const end = weights + (pairs << 3);
    let to = out + column;
    for (let row: u32 = 0; row < count; row++, to += 3 * columns) {
      let upper = zero;
      let lower = zero;
      let at = rows + row * stride + left;
      for (let weight = weights; weight < end; weight += 8, at += 8) {
        // red, red, green, green, …, 16 bits each
        const pair = v128.shuffle<i8>(
          v128.load64_zero(at),
          zero,
          0,
          16,
          4,
          16,
          1,
          16,
          5,
          16,
          2,
          16,
          6,
          16,
          3,
          16,
          7,
          16,
        );
        upper = i32x4.add(upper, i32x4.dot_i16x8_s(pair, v128.load32_splat(weight)));
        lower = i32x4.add(lower, i32x4.dot_i16x8_s(pair, v128.load32_splat(weight, 4)));
      }
      const sums = i32x4.shr_s(i32x4.add(i32x4.add(i32x4.shl(upper, 12), lower), half), 22);
      const bytes = i8x16.narrow_i16x8_u(i16x8.narrow_i32x4_s(sums, sums), i16x8.narrow_i32x4_s(sums, sums));
      store<u8>(to, <u8> i8x16.extract_lane_u(bytes, 0));
      store<u8>(to + columns, <u8> i8x16.extract_lane_u(bytes, 1));
      store<u8>(to + 2 * columns, <u8> i8x16.extract_lane_u(bytes, 2));
    }
  }
}
