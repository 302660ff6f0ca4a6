import { assert, assertAlmostEquals, assertEquals, assertRejects } from "@std/assert";
import { randomNumbers } from "../../explain/random.ts";
import { leadingEigenpair } from "./eigenpair.ts";
import { largestByRotations } from "./jacobi.ts";
import { firstPrincipalComponent } from "./principal_component.ts";
import { dot } from "./rows.ts";

const pause = () => Promise.resolve();

/** A matrix of given eigenvalues, whose axes are turned by reflections: I − 2vvᵀ. */
function matrixOf(values: readonly number[], seed: number) {
  const size = values.length;
  const random = randomNumbers(seed, "axes");
  const v = Float64Array.from(values, () => random() - 0.5);
  const length = Math.sqrt(dot(v, v));
  const axis = (at: number) =>
    Float64Array.from({ length: size }, (_, row) => Number(row === at) - 2 * v[at]! * v[row]! / length ** 2);
  const axes = values.map((_, at) => axis(at));
  const data = Float64Array.from(
    { length: size * size },
    (_, at) =>
      values.reduce(
        (sum, value, k) => sum + value * axes[k]![Math.floor(at / size)]! * axes[k]![at % size]!,
        0,
      ),
  );
  return { data, size, axes };
}

Deno.test("leadingEigenpair() finds the largest eigenvalue and its axis", async (t) => {
  const cases: readonly (readonly [name: string, values: readonly number[]])[] = [
    ["one number", [3]],
    ["few", [1, 7, 2]],
    ["more than are kept at once", Array.from({ length: 60 }, (_, at) => 60 - at)],
    ["close together", [1, 1 - 1e-4, ...Array.from({ length: 50 }, (_, at) => 0.9 - at / 60)]],
    ["of low rank", [5, 4, ...new Array(70).fill(0)]],
    ["tiny", [1e-30, 5e-31, 1e-31]],
    ["huge", [1e30, 5e29, 1e29]],
  ];
  for (const [name, values] of cases) {
    await t.step(name, async () => {
      const matrix = matrixOf(values, 5);
      const { value, vector } = await leadingEigenpair(matrix, pause);
      const largest = Math.max(...values);
      assertAlmostEquals(value / largest, 1, 1e-12);
      assertAlmostEquals(Math.abs(dot(vector, matrix.axes[values.indexOf(largest)]!)), 1, 1e-9);
    });
  }
  await t.step("zeros", async () => {
    assertEquals((await leadingEigenpair({ data: new Float64Array(9), size: 3 }, pause)).value, 0);
  });
});

Deno.test("largestByRotations() takes the largest, not the farthest from 0", () => {
  const { value, vector } = largestByRotations([Float64Array.of(-4, 3), Float64Array.of(3, 4)]);
  assertAlmostEquals(value, 5, 1e-14);
  assertAlmostEquals(Math.abs(vector[0]! * 3 + vector[1]! * -1), 0, 1e-14);
  const diagonal = largestByRotations([Float64Array.of(-9, 0), Float64Array.of(0, -1)]);
  assertEquals([diagonal.value, ...diagonal.vector], [-1, 0, 1]);
});

Deno.test("firstPrincipalComponent() is the same by rows and by columns, and each time", async () => {
  const random = randomNumbers(1, "rows");
  const [rows, columns] = [12, 9];
  const data = Float32Array.from({ length: rows * columns }, () => random());
  const found = await firstPrincipalComponent({ data, rows, columns }, pause);
  // Columns of zeros change nothing but which side is the smaller.
  const wide = new Float32Array(rows * 20);
  for (let row = 0; row < rows; row++) wide.set(data.subarray(row * columns, (row + 1) * columns), row * 20);
  const wider = await firstPrincipalComponent({ data: wide, rows, columns: 20 }, pause);
  found.forEach((value, at) => assertAlmostEquals(value, wider[at]!, 1e-6));
  assertEquals(await firstPrincipalComponent({ data, rows, columns }, pause), found);
  assertAlmostEquals(found.reduce((sum, value) => sum + value, 0), 0, 1e-5);
});

Deno.test("firstPrincipalComponent() says of what is no number that it is none, and stops when it is told", async () => {
  const data = Float32Array.of(1, 2, NaN, 4);
  const found = await firstPrincipalComponent({ data, rows: 2, columns: 2 }, pause);
  assert(found.every(Number.isNaN));
  const stop = () => Promise.reject(new Error("told to"));
  await assertRejects(
    () => firstPrincipalComponent({ data: Float32Array.of(1, 2, 3, 4), rows: 2, columns: 2 }, stop),
    Error,
    "told to",
  );
});
