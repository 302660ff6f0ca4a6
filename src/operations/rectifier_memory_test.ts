import * as tf from "@tensorflow/tfjs";
import { assertEquals } from "@std/assert";
import { selectBackend } from "../../backends/mod.ts";
import { largestDifference, leavingNoTensors } from "../testing/mod.ts";
import { Activation, type ActivationFunction, findActivation, leakyRelu } from "./activation.ts";
import { noteRectifiers, recallRectifiers } from "./rectifier_memory.ts";

const cases: readonly {
  readonly activation: ActivationFunction;
  /** What it goes on to give at 1 and at −2, and the slopes there, from −1, 2 and 7 each. */
  readonly values: readonly number[];
  readonly slopes: readonly number[];
}[] = [
  { activation: findActivation("relu")!, values: [0, 1, 1, 0, -2, -2], slopes: [0, 1, 1, 0, 1, 1] },
  { activation: findActivation("relu6")!, values: [0, 1, 6, 0, -2, 6], slopes: [0, 1, 0, 0, 1, 0] },
  {
    activation: leakyRelu(0.25),
    values: [0.25, 1, 1, -0.5, -2, -2],
    slopes: [0.25, 1, 1, 0.25, 1, 1],
  },
  {
    activation: findActivation("elu")!,
    values: [Math.E - 1, 1, 1, Math.exp(-2) - 1, -2, -2],
    slopes: [Math.E, 1, 1, Math.exp(-2), 1, 1],
  },
  // No rectifier: it is as it always is.
  {
    activation: findActivation("tanh")!,
    values: [1, 1, 1, -2, -2, -2].map(Math.tanh),
    slopes: [1, 1, 1, -2, -2, -2].map((x) => 1 - Math.tanh(x) ** 2),
  },
];

Deno.test("recallRectifiers() has rectifiers go on as they did in a run that was noted", async (t) => {
  await selectBackend({ backend: "cpu" });
  for (const { activation, values, slopes } of cases) {
    await t.step(activation.name, () =>
      leavingNoTensors(async () => {
        const noted: tf.Tensor[] = [];
        const operation = new Activation("x", "y", activation);
        const from = tf.tensor1d([-1, 2, 7, -1, 2, 7]);
        const x = tf.tensor1d([1, 1, 1, -2, -2, -2]);
        const first = tf.tidy(() => operation.runTaped([from], noteRectifiers(noted))[0]!);
        const same = tf.tidy(() => activation.apply(from));
        assertEquals(await first.data(), await same.data());
        const memory = recallRectifiers(noted);
        const { value, grad } = tf.valueAndGrad((x) => operation.runTaped([x], memory)[0]!)(x);
        assertEquals(largestDifference(await value.data(), values) < 1e-6, true);
        assertEquals(largestDifference(await grad.data(), slopes) < 1e-6, true);
        tf.dispose([from, x, first, same, value, grad, ...noted]);
      }));
  }
});
