/** Undo in place what was done to a row of whole pixels; `step` bytes to the left is the pixel before. */
type Unfilter = (row: Uint8Array, above: Uint8Array, step: number) => void;

/**
 * Of three neighbours the one nearest to left + above − corner; of those as near the first. Which it is nobody can foresee,
 * so that it is worked out without a branch.
 */
function paeth(left: number, above: number, corner: number): number {
  const down = above - corner;
  const across = left - corner;
  const both = down + across;
  const toLeft = (down ^ down >> 31) - (down >> 31); // without its sign
  const toAbove = (across ^ across >> 31) - (across >> 31);
  const toCorner = (both ^ both >> 31) - (both >> 31);
  const isOther = (toAbove - toLeft | toCorner - toLeft) >> 31; // all bits, or none
  const isCorner = toCorner - toAbove >> 31;
  return left & ~isOther | isOther & (corner & isCorner | above & ~isCorner);
}

/** Three channels beside each other, of which none waits for another. */
function undoPaethOfColors(row: Uint8Array, above: Uint8Array): void {
  let [red, green, blue] = [0, 0, 0]; // to the left
  let [redCorner, greenCorner, blueCorner] = [0, 0, 0];
  for (let at = 0; at < row.length; at += 3) {
    const redAbove = above[at]!;
    const greenAbove = above[at + 1]!;
    const blueAbove = above[at + 2]!;
    row[at] = red = row[at]! + paeth(red, redAbove, redCorner) & 255;
    row[at + 1] = green = row[at + 1]! + paeth(green, greenAbove, greenCorner) & 255;
    row[at + 2] = blue = row[at + 2]! + paeth(blue, blueAbove, blueCorner) & 255;
    redCorner = redAbove;
    greenCorner = greenAbove;
    blueCorner = blueAbove;
  }
}

function undoPaeth(row: Uint8Array, above: Uint8Array, step: number): void {
  if (step === 3) return undoPaethOfColors(row, above);
  for (let channel = 0; channel < step; channel++) {
    let [left, corner] = [0, 0];
    for (let at = channel; at < row.length; at += step) {
      row[at] = left = row[at]! + paeth(left, above[at]!, corner) & 255;
      corner = above[at]!;
    }
  }
}

function undoAverage(row: Uint8Array, above: Uint8Array, step: number): void {
  for (let channel = 0; channel < step; channel++) {
    for (let at = channel, left = 0; at < row.length; at += step) {
      row[at] = left = row[at]! + (left + above[at]! >> 1) & 255;
    }
  }
}

function undoAbove(row: Uint8Array, above: Uint8Array): void {
  for (let at = 0; at < row.length; at++) row[at] = row[at]! + above[at]!;
}

function undoLeft(row: Uint8Array, _: Uint8Array, step: number): void {
  for (let channel = 0; channel < step; channel++) {
    for (let at = channel, left = 0; at < row.length; at += step) row[at] = left = row[at]! + left & 255;
  }
}

/** The ways to filter a row, by their number. */
export const unfilters: readonly Unfilter[] = [() => {}, undoLeft, undoAbove, undoAverage, undoPaeth];
