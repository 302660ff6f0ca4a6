import * as tf from "@tensorflow/tfjs";
import { assertThrows } from "@std/assert";
import { ModelError } from "../base/errors.ts";
import { loadModel } from "../formats/mod.ts";
import { leavingNoTensors, testdata, tryBackend } from "../testing/mod.ts";

Deno.test("an open model can be disposed twice, and then says that it was", async (t) => {
  await tryBackend("cpu");
  for (const form of ["layers", "graph"]) {
    await t.step(form, () =>
      leavingNoTensors(async () => {
        const model = await loadModel(new URL(`zoo/nested/${form}/model.json`, testdata));
        model.split(); // so that a graph model's layers are known
        model.dispose();
        model.dispose();
        const x = tf.zeros<tf.Rank.R4>([1, 16, 24, 3]);
        const message = "Cannot use a model that was disposed: open it again";
        assertThrows(() => model.split(), ModelError, message);
        assertThrows(() => model.predict(x), ModelError, message);
        x.dispose();
      }));
  }
});
