/**
 * Some rows of a picture with zeros around them.
 *
 * @param y0 The first row, below 0 where the padding begins; likewise `y1`, behind the last.
 * @param height Rows of the picture, each of `rowBytes` bytes.
 * @param before Bytes of zeros before each row, and `after` behind it.
 */
export function padRows(
  y0: i32, y1: i32, height: i32, rowBytes: usize, before: usize, after: usize, from: usize, to: usize,
): void {
  const whole = before + rowBytes + after;
  for (let y = y0; y < y1; y++) {
    if (y < 0 || y >= height) memory.fill(to, 0, whole);
    else {
      memory.fill(to, 0, before);
      memory.copy(to + before, from + <usize>y * rowBytes, rowBytes);
      memory.fill(to + before + rowBytes, 0, after);
    }
    to += whole;
  }
}

/** Zeros. */
export function clear(to: usize, bytes: usize): void {
  memory.fill(to, 0, bytes);
}
