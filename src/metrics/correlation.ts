/** The mean of numbers. */
export function meanOf(values: ArrayLike<number>): number {
  let sum = 0;
  for (let at = 0; at < values.length; at++) sum += values[at]!;
  return sum / values.length;
}

/**
 * Pearson's correlation of pairs of numbers, −1 to 1.
 *
 * @returns `undefined` where either side is the same everywhere.
 */
export function correlationOf(a: ArrayLike<number>, b: ArrayLike<number>): number | undefined {
  const [meanA, meanB] = [meanOf(a), meanOf(b)];
  let [product, squareA, squareB] = [0, 0, 0];
  for (let at = 0; at < a.length; at++) {
    const [left, right] = [a[at]! - meanA, b[at]! - meanB];
    product += left * right;
    squareA += left * left;
    squareB += right * right;
  }
  return squareA > 0 && squareB > 0 ? product / Math.sqrt(squareA * squareB) : undefined;
}

/** The ranks of numbers, the least 1; equal ones have the mean of theirs. */
export function ranksOf(values: ArrayLike<number>): Float64Array {
  const order = Uint32Array.from({ length: values.length }, (_, at) => at)
    .sort((one, other) => values[one]! - values[other]!);
  const ranks = new Float64Array(values.length);
  for (let from = 0; from < order.length;) {
    let to = from + 1;
    while (to < order.length && values[order[to]!] === values[order[from]!]) to++;
    for (let at = from; at < to; at++) ranks[order[at]!] = (from + 1 + to) / 2;
    from = to;
  }
  return ranks;
}

/**
 * Spearman's correlation: that of the ranks.
 *
 * @returns `undefined` where either side is the same everywhere.
 */
export function rankCorrelationOf(a: ArrayLike<number>, b: ArrayLike<number>): number | undefined {
  return correlationOf(ranksOf(a), ranksOf(b));
}
