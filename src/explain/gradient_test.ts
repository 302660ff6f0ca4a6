import * as tf from "@tensorflow/tfjs";
import { assertRejects } from "@std/assert";
import { selectBackend } from "../../backends/mod.ts";
import { differentiate } from "./gradient.ts";
import type { SplitModel } from "../split/model.ts";
import { leavingNoTensors } from "../testing/mod.ts";

Deno.test("differentiate() leaves nothing behind where it fails", async (t) => {
  await selectBackend({ backend: "cpu" });
  const scoresOf = (a: tf.Tensor4D) => a.square().mean<tf.Tensor2D>([1, 2]); // squares are kept for the way back
  const cases: readonly (readonly [string, SplitModel["tail"], string])[] = [
    [
      "on the way to the scores",
      (a) => {
        scoresOf(a);
        throw new RangeError("no further");
      },
      "no further",
    ],
    [
      "on the way back",
      (a) =>
        tf.customGrad((x) => ({ value: (x as tf.Tensor).clone(), gradFunc: () => fail() }))(
          scoresOf(a),
        ) as tf.Tensor2D,
      "no way back",
    ],
  ];
  for (const [name, tail, message] of cases) {
    await t.step(name, () =>
      leavingNoTensors(async () => {
        const activation = tf.ones<tf.Rank.R4>([1, 2, 3, 2]);
        const split = {
          connected: true,
          // deno-lint-ignore require-yield -- it does all in one step
          *tailInSteps(a: tf.Tensor4D) {
            return tail(a, []);
          },
        } as unknown as SplitModel;
        await assertRejects(
          () => differentiate(split, { activation, carried: [] }, 0),
          RangeError,
          message,
        );
        activation.dispose();
      }));
  }
});

function fail(): never {
  throw new RangeError("no way back");
}
