/** Below which the standard normal distribution has a share of `x` (the complementary error function of Numerical Recipes). */
export function normalShare(x: number): number {
  const z = Math.abs(x) / Math.SQRT2;
  const t = 1 / (1 + z / 2);
  const series = [
    0.17087277,
    -0.82215223,
    1.48851587,
    -1.13520398,
    0.27886807,
    -0.18628806,
    0.09678418,
    0.37409196,
  ]
    .reduce((sum, coefficient) => sum * t + coefficient, 0);
  const tail = t * Math.exp(-z * z - 1.26551223 + t * (1.00002368 + t * series)) / 2;
  return x > 0 ? 1 - tail : tail;
}

/** Where so large a share of the standard normal distribution lies below, 0 < share < 1; found by bisection. */
export function normalQuantile(share: number): number {
  let [low, high] = [-10, 10];
  for (let step = 0; step < 60; step++) {
    const middle = (low + high) / 2;
    if (normalShare(middle) < share) low = middle;
    else high = middle;
  }
  return (low + high) / 2;
}
