import * as tf from "@tensorflow/tfjs";
import { assertEquals } from "@std/assert";
import { selectBackend } from "../../backends/mod.ts";
import { leavingNoTensors } from "../testing/mod.ts";
import { soleSoftmaxWarning } from "./diagnosis.ts";
import { gradcam } from "./gradcam.ts";

Deno.test("gradcam() warns of a softmax over one unit, whose score is always 1", async (t) => {
  await selectBackend({ backend: "cpu" });
  for (const [units, activation] of [[1, "softmax"], [2, "softmax"], [1, "sigmoid"]] as const) {
    const isMeant = units === 1 && activation === "softmax";
    const model = tf.sequential({
      layers: [
        tf.layers.conv2d({ inputShape: [4, 5, 3], filters: 2, kernelSize: 2, name: "features" }),
        tf.layers.globalAveragePooling2d({}),
        tf.layers.dense({ units, activation }),
      ],
    });
    for (const score of ["output", "logit"] as const) {
      await t.step(`${units} ${activation}, ${score}`, () =>
        leavingNoTensors(async () => {
          const image = tf.tensor3d(Float32Array.from({ length: 60 }, (_, index) => Math.sin(index)), [
            4,
            5,
            3,
          ]);
          const { warnings, diagnosis, maps } = await gradcam(model, image, { score });
          assertEquals(warnings.filter((warning) => warning === soleSoftmaxWarning).length, isMeant ? 1 : 0);
          if (isMeant && score === "output") {
            assertEquals([diagnosis, maps[0]!.advice.includes('"logit"')], ["saturated", false]);
          }
          image.dispose();
        }));
    }
    model.dispose();
  }
});
