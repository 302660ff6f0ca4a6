import { assertAlmostEquals } from "@std/assert";
import { ridge } from "./ridge.ts";

const pause = () => Promise.resolve();

Deno.test("ridge", async (t) => {
  await t.step("finds the coefficients of samples that lie on a plane", async () => {
    const features = Uint8Array.of(1, 1, 1, 0, 0, 1, 0, 0);
    const samples = { features, targets: [8, 7, 6, 5], weights: [1, 1, 1, 1] }; // 5 + 2a + b
    const [a, b] = await ridge(samples, { alpha: 0, pause });
    assertAlmostEquals(a!, 2, 1e-12);
    assertAlmostEquals(b!, 1, 1e-12);
    // About the mean each feature has the square 1, with which 1 is held against it.
    const [half, quarter] = await ridge(samples, { alpha: 1, pause });
    assertAlmostEquals(half!, 1, 1e-12);
    assertAlmostEquals(quarter!, 0.5, 1e-12);
  });

  await t.step("counts samples by their weights", async () => {
    // Means 2/3 and 7/3; Σw·x² = 2/3 and Σw·x·y = 4/3 about them: (4/3) / (2/3 + 1).
    const samples = { features: Uint8Array.of(1, 0), targets: [3, 1], weights: [2, 1] };
    const [only] = await ridge(samples, { alpha: 1, pause });
    assertAlmostEquals(only!, 0.8, 1e-12);
  });

  await t.step("holds for features that go together", async () => {
    // numpy 2: solve(Xᵀ W X + I, Xᵀ W y) about the weighted means
    const features = Uint8Array.of(1, 1, 0, 1, 1, 1, 0, 0, 1, 1, 0, 0, 0, 0, 0);
    const samples = { features, targets: [4, 7, -1, 3, 1], weights: [0.5, 1, 0.25, 2, 1] };
    const found = await ridge(samples, { alpha: 1, pause });
    const wanted = [1.433198380567, 1.457489878543, 0.838056680162];
    wanted.forEach((value, at) => assertAlmostEquals(found[at]!, value, 1e-9));
  });
});
