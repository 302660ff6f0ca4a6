import * as tf from "@tensorflow/tfjs";
import { assertAlmostEquals, assertEquals } from "@std/assert";
import { leavingNoTensors, testedBackends, tryBackend } from "../../src/testing/mod.ts";

/** One picture, 2 high and 3 wide, of two channels: three zeros are the largest of the first, 5 alone of the second. */
const picture = [0, 5, -1, 1, 0, 2, -3, 0, 0, 4, -2, 3];

/** The gradient of Σ g · extreme, by hand: g divided among those that are equal. */
const cases: readonly {
  readonly name: string;
  readonly extreme: (x: tf.Tensor4D) => tf.Tensor;
  readonly outputGradient: readonly number[];
  readonly gradient: readonly number[];
}[] = [
  {
    name: "largest of height and width",
    extreme: (x) => x.max([1, 2]),
    outputGradient: [6, 7],
    gradient: [2, 7, 0, 0, 2, 0, 0, 0, 2, 0, 0, 0],
  },
  {
    name: "smallest of height and width",
    extreme: (x) => x.min([1, 2], true),
    outputGradient: [6, 7],
    gradient: [0, 0, 0, 0, 0, 0, 6, 7, 0, 0, 0, 0],
  },
  {
    name: "largest of the rows, axis from the end",
    extreme: (x) => x.max(-3),
    outputGradient: [1, 2, 3, 4, 5, 6],
    gradient: [1, 2, 0, 0, 5, 0, 0, 0, 3, 4, 0, 6],
  },
  {
    name: "largest of all",
    extreme: (x) => x.max(),
    outputGradient: [9],
    gradient: [0, 9, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0],
  },
];

Deno.test("the gradient of the largest and smallest value is divided among equals, as TensorFlow does", async (t) => {
  for (const backend of testedBackends) {
    const missing = await tryBackend(backend);
    if (missing !== undefined) {
      await t.step({ name: `${backend} skipped: ${missing}`, ignore: true, fn: () => {} });
      continue;
    }
    for (const { name, extreme, outputGradient, gradient } of cases) {
      await t.step(`${name}, ${backend}`, () =>
        leavingNoTensors(async () => {
          const result = tf.tidy(() => {
            const weights = tf.tensor1d([...outputGradient]);
            const weighted = (x: tf.Tensor) => extreme(x as tf.Tensor4D).reshape([-1]).mul(weights).sum();
            return tf.grad(weighted)(tf.tensor4d(picture, [1, 2, 3, 2]));
          });
          assertEquals(result.shape, [1, 2, 3, 2]);
          (await result.data()).forEach((value, at) => assertAlmostEquals(value, gradient[at]!, 1e-6));
          result.dispose();
        }));
    }
  }
  await tryBackend("cpu");
});

Deno.test("so it is in pictures that are computed on the GPU itself", async (t) => {
  // 12 × 10 pixels of 16 channels; in channel k every (k + 2)-nd is the largest.
  const values = Array.from(
    { length: 12 * 10 * 16 },
    (_, at) => Math.floor(at / 16) % (at % 16 + 2) === 0 ? 3 : at / 1e4,
  );
  const counts = Array.from({ length: 16 }, (_, k) => Math.ceil(120 / (k + 2)));
  for (const backend of testedBackends) {
    const missing = await tryBackend(backend);
    if (missing !== undefined) {
      await t.step({ name: `${backend} skipped: ${missing}`, ignore: true, fn: () => {} });
      continue;
    }
    await t.step(backend, () =>
      leavingNoTensors(async () => {
        const gradient = tf.tidy(() =>
          tf.grad((x) => x.max([1, 2]).sum())(tf.tensor4d(values, [1, 12, 10, 16]))
        );
        (await gradient.data()).forEach((value, at) => {
          assertAlmostEquals(value, values[at] === 3 ? 1 / counts[at % 16]! : 0, 1e-6);
        });
        gradient.dispose();
      }));
  }
  await tryBackend("cpu");
});
