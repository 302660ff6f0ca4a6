import * as tf from "@tensorflow/tfjs";
import { assertEquals, assertLess } from "@std/assert";
import { largestDifference, leavingNoTensors, testedBackends, tryBackend } from "../../src/testing/mod.ts";
import { numbers } from "./reference_convolution_test.ts";

/** The derivative of Σ g · f(x) by each element of x, by differences; exact for what is linear around x. */
async function numericGradient(
  f: (x: tf.Tensor4D) => tf.Tensor,
  x: tf.Tensor4D,
  outputGradient: ArrayLike<number>,
): Promise<number[]> {
  const step = 2 ** -6;
  const values = await x.data();
  const sum = async (index: number, by: number) => {
    const moved = values.slice();
    moved[index]! += by;
    const output = tf.tidy(() => f(tf.tensor4d(moved, x.shape)));
    const data = await output.data();
    output.dispose();
    return Array.from(data).reduce((total, value, at) => total + value * outputGradient[at]!, 0);
  };
  const gradient: number[] = [];
  for (let index = 0; index < values.length; index++) {
    gradient.push((await sum(index, step) - await sum(index, -step)) / (2 * step));
  }
  return gradient;
}

const functions: Readonly<Record<string, (x: tf.Tensor4D) => tf.Tensor4D>> = {
  "maximum pool": (x) => tf.maxPool(x, 2, 2, "valid"),
  "maximum pool over uneven windows": (x) => tf.maxPool(x, [3, 2], [2, 1], "same"),
  "resize to more": (x) => tf.image.resizeBilinear(x, [10, 7]),
  "resize to more, centres of pixels": (x) => tf.image.resizeBilinear(x, [10, 7], false, true),
  "resize to less, centres of pixels": (x) => tf.image.resizeBilinear(x, [3, 2], false, true),
  "resize, corners aligned": (x) => tf.image.resizeBilinear(x, [9, 4], true),
};

/** The rows of the table: each function with values of any sign, and with values below 0 alone. */
const rows = Object.entries(functions).flatMap(([name, f]) =>
  [0, -7].map((shift) => {
    // no two values are nearer than the step of the numeric derivative
    const values = Array.from({ length: 60 }, (_, index) => ((index * 37) % 60) / 10 - 2.9 + shift);
    return { name: `${name}, ${shift ? "nothing positive" : "any sign"}`, f, values };
  })
);

/** Windows of 2 × 3 over zeros, two apart: what comes back goes to the first of each, wherever windows end. */
const poolsOfEquals = [
  {
    pad: "valid" as const,
    size: [3, 6] as const,
    expected: [1, 0, 1, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0],
  },
  { pad: "same" as const, size: [3, 4] as const, expected: [1, 0, 1, 0, 0, 0, 0, 0, 1, 0, 1, 0] },
];

Deno.test("registerKernels() gives pools and resizes the gradients of their definition", async (t) => {
  await tryBackend("cpu");
  const cases = await Promise.all(rows.map(async (row) => {
    const x = tf.tensor4d(row.values, [1, 5, 4, 3]);
    const outputGradient = numbers(tf.tidy(() => row.f(x).size), 2);
    const expected = await numericGradient(row.f, x, outputGradient);
    x.dispose();
    return { ...row, outputGradient, expected };
  }));
  for (const backend of testedBackends) {
    const reason = await tryBackend(backend);
    if (reason !== undefined) {
      await t.step({ name: reason, ignore: true, fn: () => {} });
      continue;
    }
    for (const { name, f, values, outputGradient, expected } of cases) {
      await t.step(`${name}, on ${backend}`, () =>
        leavingNoTensors(async () => {
          const x = tf.tensor4d(values, [1, 5, 4, 3]);
          const gradient = tf.tidy(() => {
            const { shape } = f(x);
            return tf.grad((z) => f(z as tf.Tensor4D))(x, tf.tensor(outputGradient, shape));
          });
          assertLess(largestDifference(await gradient.data(), expected), 1e-4);
          tf.dispose([x, gradient]);
        }));
    }
    await t.step(`a pool of negative values, on ${backend}`, () =>
      leavingNoTensors(async () => {
        const x = tf.tensor4d([-1, -2, -3, -4, -5, -6, -7, -8], [1, 2, 4, 1]);
        const gradient = tf.tidy(() => tf.grad((z) => tf.maxPool(z as tf.Tensor4D, 2, 2, "valid"))(x));
        assertEquals([...await gradient.data()], [1, 0, 1, 0, 0, 0, 0, 0]);
        tf.dispose([x, gradient]);
      }));
    for (const { pad, size, expected } of poolsOfEquals) {
      await t.step(
        `the first of equal values, padding ${pad}, on ${backend}`,
        () =>
          leavingNoTensors(async () => {
            const x = tf.zeros<tf.Rank.R4>([1, size[0], size[1], 1]);
            const gradient = tf.tidy(() => tf.grad((z) => tf.maxPool(z as tf.Tensor4D, [2, 3], 2, pad))(x));
            assertEquals([...await gradient.data()], [...expected]);
            tf.dispose([x, gradient]);
          }),
      );
    }
  }
});
