import { assertAlmostEquals, assertEquals } from "@std/assert";
import { cellAt, planCubicAxis } from "./cubic_axis.ts";

/** Read values at places. */
function read(values: readonly number[], places: readonly number[]): number[] {
  const { first, weights } = planCubicAxis(values.length, Float64Array.from(places));
  return places.map((_, index) =>
    [0, 1, 2, 3].reduce(
      (sum, tap) => sum + values[cellAt(first[index]! + tap, values.length)]! * weights[index * 4 + tap]!,
      0,
    )
  );
}

Deno.test("planCubicAxis() passes through the centres of cells", () => {
  const values = [0.3, 0, 1, 0.25, 0.7];
  read(values, [0.5, 1.5, 2.5, 3.5, 4.5]).forEach((value, index) => {
    assertAlmostEquals(value, values[index]!, 1e-12);
  });
});

Deno.test("planCubicAxis() reads between centres as Catmull and Rom do", () => {
  // Halfway: −1/16, 9/16, 9/16, −1/16 of the four cells around.
  assertAlmostEquals(read([0, 1, 3, 2], [2])[0]!, (9 * 1 + 9 * 3 - 0 - 2) / 16, 1e-12);
  // A straight line stays one, where the edge is not near.
  assertAlmostEquals(read([1, 2, 3, 4, 5, 6], [3.1])[0]!, 3.6, 1e-12);
  assertAlmostEquals(read([4, 4, 4], [0.9])[0]!, 4, 1e-12);
});

Deno.test("planCubicAxis() has no creases at centres", () => {
  const values = [0, 1, 0, 0, 0.5, 0.2];
  const step = 1e-4;
  for (let centre = 0.5; centre < values.length; centre++) {
    const [before, at, after] = read(values, [centre - step, centre, centre + step]);
    assertAlmostEquals((at! - before!) / step, (after! - at!) / step, 1e-3);
  }
});

Deno.test("planCubicAxis() goes on beyond the ends", () => {
  assertEquals(
    read([0.7], [-3, 0, 0.2, 0.5, 1, 9]).map((value) => Number(value.toFixed(9))),
    Array(6).fill(0.7),
  );
  const [end, beyond] = read([0, 0.5, 1], [3, 7]);
  assertEquals(beyond, end);
});
