/** What a method learns of how the gradient changes, where rectifiers follow the layer. */
import * as tf from "@tensorflow/tfjs";
import { assert, assertEquals } from "@std/assert";
import { selectBackend } from "../../backends/mod.ts";
import { loadModel } from "../formats/mod.ts";
import {
  largestDifference,
  largestMagnitude,
  leavingNoTensors,
  readFloats,
  testdata,
} from "../testing/mod.ts";
import { gradcam } from "./gradcam.ts";
import type { MapProgress } from "./progress.ts";

Deno.test("shapleycam sees no change of the gradient where nothing but rectifiers bends the way to the score", async (t) => {
  await selectBackend({ backend: "wasm" });
  const folder = new URL("zoo/regression/", testdata);
  const { inputShape } = JSON.parse(await Deno.readTextFile(new URL("golden.json", folder)));
  const input = await readFloats(new URL("input.f32", folder));
  for (const form of ["keras3.keras", "graph/model.json"]) {
    await t.step(form, () =>
      leavingNoTensors(async () => {
        // A gate, a rectified convolution, a pool and a dense layer: from the gate on it is straight but for kinks.
        const model = await loadModel(new URL(form, folder).pathname);
        const x = tf.tensor(input, inputShape) as tf.Tensor4D;
        const told: MapProgress[] = [];
        const { maps: [plain, shapley] } = await gradcam(model, x, {
          layer: "gated",
          method: ["gradcam", "shapleycam"],
          onProgress: (progress) => told.push(progress),
        });
        const largest = largestMagnitude(plain!.raw.data);
        assert(largestDifference(plain!.raw.data, shapley!.raw.data) < 1e-5 * largest);
        // A gradient that both take; a run; five gradients around the activation.
        assertEquals(told.at(-1), { done: 8, total: 8 });
        x.dispose();
        model.dispose();
      }));
  }
});
