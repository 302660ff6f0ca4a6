import { assertAlmostEquals, assertEquals, assertLess } from "@std/assert";
import { factorize } from "./factorization.ts";

const pause = () => Promise.resolve();

/** Random numbers from 0 to 1. */
function randomNumbers(count: number): number[] {
  let state = 1;
  return Array.from({ length: count }, () => (state = state * 16807 % 2147483647) / 2147483647);
}

Deno.test("factorize", async (t) => {
  await t.step("finds the terms of a matrix that is made of two", async () => {
    const matrix = { data: [2, 0, 1, 0, 0, 3], rows: 3, columns: 2 };
    const { components, error } = await factorize(matrix, { components: 2, pause });
    assertAlmostEquals(error, 0, 1e-6);
    const plain = components.map(({ strengths, concept }) => [[...strengths], [...concept]]);
    // The second row is half of the first; the largest sums are 3 and 3, then the order of their choice.
    assertEquals(plain.toSorted(([a], [b]) => b![0]! - a![0]!), [
      [[1, 0.5, 0], [2, 0]],
      [[0, 0, 1], [0, 3]],
    ]);
  });

  await t.step("comes near a product with noise, without negative numbers, always alike", async () => {
    const [rows, columns, rank] = [12, 20, 3];
    const [w, h] = [randomNumbers(rows * rank), randomNumbers(rank * columns + 7).slice(7)];
    const data = Array.from({ length: rows * columns }, (_, at) => {
      const [row, column] = [Math.floor(at / columns), at % columns];
      return [0, 1, 2].reduce((sum, of) => sum + w[row * rank + of]! * h[of * columns + column]!, 0);
    });
    const run = () => factorize({ data, rows, columns }, { components: rank, pause });
    const found = await run();
    assertLess(found.error, 0.01);
    for (const { strengths, concept } of found.components) {
      assertEquals(Math.max(...strengths), 1);
      assertEquals([...strengths, ...concept].every((value) => value >= 0), true);
    }
    assertEquals(await run(), found);
    const error = await factorize({ data, rows, columns }, { components: 1, pause }).then(({ error }) =>
      error
    );
    assertLess(found.error, error);
  });

  await t.step("gives no more terms than there are", async () => {
    const one = await factorize({ data: [1, 2, 2, 4], rows: 2, columns: 2 }, { components: 2, pause });
    assertEquals(one.components.length, 1);
    assertAlmostEquals(one.error, 0, 1e-6);
    const none = await factorize({ data: [0, 0, 0, 0], rows: 2, columns: 2 }, { components: 2, pause });
    assertEquals(none, { components: [], error: 0 });
  });
});
