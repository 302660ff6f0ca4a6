/** What is known of some samples, whose features are there or not. */
export interface Samples {
  /** `samples` × `features`, row by row: 1 where a feature is there, 0 where it is not. */
  readonly features: Uint8Array;
  /** What was found for each. */
  readonly targets: ArrayLike<number>;
  /** How much each counts. */
  readonly weights: ArrayLike<number>;
}

/** How the regression is done. */
export interface RidgeOptions {
  /** How much large coefficients are held against it. */
  readonly alpha: number;
  /** Awaited between pieces of work; what it throws ends it. */
  pause(): Promise<void>;
}

/** A sum of products that a regression is made of. */
interface Moments {
  /** The lower triangle of Σ w·x·xᵀ, row by row. */
  readonly products: Float64Array[];
  /** Σ w·x·y */
  readonly responses: Float64Array;
}

/** The moments of samples about their weighted means. */
async function momentsOf(
  { features, targets, weights }: Samples,
  pause: () => Promise<void>,
): Promise<Moments> {
  const count = features.length / targets.length;
  const products = Array.from({ length: count }, (_, row) => new Float64Array(row + 1));
  const [sums, responses] = [new Float64Array(count), new Float64Array(count)];
  let [weight, response] = [0, 0];
  for (let sample = 0; sample < targets.length; sample++) {
    const [counts, target] = [weights[sample]!, targets[sample]!];
    weight += counts;
    response += counts * target;
    const present: number[] = [];
    for (let at = 0; at < count; at++) if (features[sample * count + at] === 1) present.push(at);
    present.forEach((row, last) => {
      sums[row]! += counts;
      responses[row]! += counts * target;
      for (let at = 0; at <= last; at++) products[row]![present[at]!]! += counts;
    });
    await pause();
  }
  products.forEach((row, at) => row.forEach((_, of) => row[of]! -= sums[at]! * sums[of]! / weight));
  sums.forEach((sum, at) => responses[at]! -= sum * response / weight);
  return { products, responses };
}

/** Solve A·x = b for a positive definite A, whose lower triangle becomes its Cholesky factor. */
async function solve(
  lower: Float64Array[],
  b: Float64Array,
  pause: () => Promise<void>,
): Promise<Float64Array> {
  for (const [at, row] of lower.entries()) {
    for (let of = 0; of <= at; of++) {
      const other = lower[of]!;
      let sum = row[of]!;
      for (let inner = 0; inner < of; inner++) sum -= row[inner]! * other[inner]!;
      row[of] = of === at ? Math.sqrt(sum) : sum / other[of]!;
    }
    await pause();
  }
  const x = Float64Array.from(b);
  lower.forEach((row, at) => {
    for (let of = 0; of < at; of++) x[at]! -= row[of]! * x[of]!;
    x[at]! /= row[at]!;
  });
  for (let at = x.length - 1; at >= 0; at--) {
    for (let of = at + 1; of < x.length; of++) x[at]! -= lower[of]![at]! * x[of]!;
    x[at]! /= lower[at]![at]!;
  }
  return x;
}

/**
 * Ridge regression with an intercept that is not held against it: the β that makes Σ w·(y − b − x·β)² + α·|β|² least, solved
 * exactly in double precision. It holds the square of the number of features in doubles.
 *
 * @returns One coefficient a feature.
 */
export async function ridge(samples: Samples, { alpha, pause }: RidgeOptions): Promise<Float64Array> {
  const { products, responses } = await momentsOf(samples, pause);
  products.forEach((row, at) => row[at]! += alpha);
  return await solve(products, responses, pause);
}
