/** Four rows of four numbers as their columns, to memory. */
// @ts-ignore: decorator
@inline
function turn(a: v128, b: v128, c: v128, d: v128, to: usize, step: usize): void {
  const ab0 = v128.shuffle<f32>(a, b, 0, 4, 1, 5), ab1 = v128.shuffle<f32>(a, b, 2, 6, 3, 7);
  const cd0 = v128.shuffle<f32>(c, d, 0, 4, 1, 5), cd1 = v128.shuffle<f32>(c, d, 2, 6, 3, 7);
  v128.store(to, v128.shuffle<i64>(ab0, cd0, 0, 2));
  v128.store(to + step, v128.shuffle<i64>(ab0, cd0, 1, 3));
  v128.store(to + 2 * step, v128.shuffle<i64>(ab1, cd1, 0, 2));
  v128.store(to + 3 * step, v128.shuffle<i64>(ab1, cd1, 1, 3));
}

/**
 * Numbers in four rows as numbers in four columns.
 *
 * @param count Of each row.
 * @param step Bytes from row to row.
 * @param toStep Bytes from column to column of what is written.
 */
// @ts-ignore: decorator
@inline
function turnFour(count: i32, from: usize, step: usize, to: usize, toStep: usize): void {
  let at = 0;
  for (; at + 4 <= count; at += 4) {
    turn(v128.load(from), v128.load(from + step), v128.load(from + 2 * step), v128.load(from + 3 * step), to, toStep);
    from += 16;
    to += 4 * toStep;
  }
  for (; at < count; at++) {
    for (let row: usize = 0; row < 4; row++) store<f32>(to + (row << 2), load<f32>(from + row * step));
    from += 4;
    to += toStep;
  }
}

/**
 * A matrix `[rows, columns]` with its axes exchanged.
 *
 * @param step Bytes from row to row.
 * @param toStep Bytes from column to column of what is written.
 */
export function transposeMatrix(rows: i32, columns: i32, from: usize, step: usize, to: usize, toStep: usize): void {
  let row = 0;
  for (; row + 4 <= rows; row += 4) {
    turnFour(columns, from, step, to, toStep);
    from += 4 * step;
    to += 16;
  }
  for (; row < rows; row++) {
    for (let at = 0; at < columns; at++) store<f32>(to + <usize>at * toStep, load<f32>(from + (<usize>at << 2)));
    from += step;
    to += 4;
  }
}

/** A panel of eight channels. */
function packEight(taps: i32, from: usize, step: usize, to: usize): void {
  const second = from + 4 * step;
  const end = to + (<usize>(taps & ~3) << 5);
  let at: usize = 0;
  for (; to < end; to += 128, at += 16) {
    let a = from + at;
    turn(v128.load(a), v128.load(a + step), v128.load(a + 2 * step), v128.load(a + 3 * step), to, 32);
    a = second + at;
    turn(v128.load(a), v128.load(a + step), v128.load(a + 2 * step), v128.load(a + 3 * step), to + 16, 32);
  }
  for (let tap = taps & ~3; tap < taps; tap++, at += 4, to += 32) {
    for (let row: usize = 0; row < 8; row++) store<f32>(to + (row << 2), load<f32>(from + at + row * step));
  }
}

/**
 * The transpose of weights `[channels, taps]` in the order in which `convolve` reads them, as `packWeights` writes
 * `[taps, channels]`.
 *
 * @param step Bytes from channel to channel.
 */
export function packTransposed(taps: i32, channels: i32, from: usize, step: usize, to: usize): void {
  for (let channel = 0; channel < channels; channel += 8) {
    const left = channels - channel;
    if (left < 8) {
      memory.fill(to, 0, <usize>taps << 5);
      transposeMatrix(left, taps, from, step, to, 32);
    } else packEight(taps, from, step, to);
    from += 8 * step;
    to += <usize>taps << 5;
  }
}

/**
 * Runs of numbers in another order, one after the other.
 *
 * @param count0 How often the outermost axis is stepped along, `step0` bytes each time; likewise the others.
 * @param bytes How long each run is.
 */
export function copyRuns(
  count0: i32, step0: usize, count1: i32, step1: usize, count2: i32, step2: usize, bytes: usize, from: usize, to: usize,
): void {
  const wide = bytes & ~15;
  for (let i = 0; i < count0; i++) {
    for (let j = 0; j < count1; j++) {
      let run = from + <usize>i * step0 + <usize>j * step1;
      for (let k = 0; k < count2; k++) {
        let at: usize = 0;
        for (; at < wide; at += 16) v128.store(to + at, v128.load(run + at));
        for (; at < bytes; at += 4) store<f32>(to + at, load<f32>(run + at));
        run += step2;
        to += bytes;
      }
    }
  }
}
