import { assert, assertEquals } from "@std/assert";
import { intervalOf, meanOf } from "./bootstrap.ts";
import { Draws } from "./draws.ts";
import { normalQuantile, normalShare } from "./normal.ts";
import { holm, signFlipTest } from "./sign_flips.ts";

const draws = new Draws(7, 20_000);

function assertNear(
  actual: ArrayLike<number> | undefined,
  expected: readonly number[],
  tolerance: number,
): void {
  assert(actual && actual.length === expected.length);
  expected.forEach((value, at) =>
    assert(Math.abs(actual[at]! - value) <= tolerance, `${Array.from(actual)} is not ${expected}`)
  );
}

Deno.test("normalShare() and normalQuantile() are those of scipy 1.17.1", () => {
  assertNear([-2.3, 0.7, 0].map(normalShare), [0.01072411, 0.75803635, 0.5], 2e-7);
  assertNear([0.025, 0.6, 0.5].map(normalQuantile), [-1.95996398, 0.2533471, 0], 2e-6);
});

const uneven = [0.1, 0.9, 0.4, 0.35, 0.8, 0.05, 0.6, 0.95, 0.2, 0.15, 0.3, 0.02];

Deno.test("intervalOf() is scipy 1.17.1's bootstrap by BCa, as near as drawing anew lets it be", () => {
  assertNear(intervalOf(uneven, draws, 0.95), [0.24083, 0.60417], 6e-3); // by percentiles it were 0.228 … 0.588
  const hits = [...new Array(15).fill(1), ...new Array(5).fill(0)];
  assertNear(intervalOf(hits, draws, 0.95), [0.5, 0.9], 0.051); // which are steps of 0.05
});

Deno.test("intervalOf() knows of values that are all the same, of one, and is wider the surer it is", () => {
  assertEquals(intervalOf([0.3], draws, 0.95), undefined);
  assertEquals(intervalOf([], draws, 0.95), undefined);
  assertEquals(intervalOf([0.3, 0.3, 0.3], draws, 0.95), [0.3, 0.3]);
  assertNear(intervalOf(new Array(20).fill(1), draws, 0.95), [0.83887, 1], 1e-4); // scipy's Wilson
  assertNear(intervalOf(new Array(20).fill(0), draws, 0.95), [0, 0.16113], 1e-4);
  const [low, high] = intervalOf(uneven, draws, 0.8)!;
  const [lower, higher] = intervalOf(uneven, draws, 0.99)!;
  assert(lower < low && low < meanOf(uneven) && meanOf(uneven) < high && high < higher);
});

Deno.test("intervalOf() holds the true mean about as often as it says", () => {
  const few = new Draws(3, 500);
  let [state, held] = [1, 0];
  const next = () => (state = (state * 16807) % 2147483647) / 2147483647;
  for (let trial = 0; trial < 300; trial++) {
    const [low, high] = intervalOf(Array.from({ length: 25 }, () => next() ** 2), few, 0.9)!; // mean 1/3, uneven
    if (low <= 1 / 3 && 1 / 3 <= high) held++;
  }
  assert(held > 0.84 * 300 && held < 0.95 * 300, `${held} of 300`);
});

const differences = [0.3, -0.1, 0.2, 0.5, -0.05, 0.1, 0.4, 0.15, -0.2, 0.25];

Deno.test("signFlipTest() goes through all ways of few photos, as worked out by hand and by scipy", () => {
  assertEquals(signFlipTest([1, 2, 3], draws), 2 / 8); // only all plus and all minus are as far
  assertEquals(signFlipTest([1, 1, -1, 1], draws), 10 / 16); // sums of ±2 and ±4
  assertEquals(signFlipTest([0, 0], draws), 1);
  assertEquals(signFlipTest([], draws), 1);
  assertEquals(signFlipTest([0.1, 0.2, 0.3], draws), 2 / 8); // whatever the roundings of the sums
  const exact = signFlipTest(differences, draws);
  assertNear([exact], [0.068359375], 1e-12); // scipy.stats.permutation_test
});

Deno.test("signFlipTest() draws signs for many photos, and comes near to scipy 1.17.1", () => {
  const many = [
    ...differences,
    ...differences.map((value) => value - 0.05),
    ...differences.map((value) => value + 0.02),
  ];
  assertNear([signFlipTest(many.map((value) => value - 0.09), draws)], [0.17895], 0.012);
  const p = signFlipTest(many, draws);
  assert(p > 2e-4 && p < 3e-3, String(p)); // 0.00115
  assertEquals(p, signFlipTest(many, new Draws(7, 100)));
  assert(p !== signFlipTest(many, new Draws(8, 100)));
});

Deno.test("holm() corrects for how many were looked at", () => {
  assertNear(holm([0.01, 0.04, 0.03]), [0.03, 0.06, 0.06], 1e-12);
  assertNear(holm([0.5, 0.9, 0.001]), [1, 1, 0.003], 1e-12);
  assertEquals(holm([]), []);
});
