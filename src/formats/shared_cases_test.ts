/**
 * Files of the kinds that people send in. They are not part of the project: the test runs where the folder
 * `../shared/data/cases` lies beside the checkout, and is skipped elsewhere.
 */
import { assert, assertEquals, assertRejects } from "@std/assert";
import { ModelError } from "../base/errors.ts";
import { gradcam } from "../explain/gradcam.ts";
import { exists, leavingNoTensors, tryBackend } from "../testing/mod.ts";
import { loadModel } from "./mod.ts";

const cases = new URL("../../../shared/data/cases/", import.meta.url);
const photo = new URL("../photos/tfjs-examples/dog.jpg", cases);
const ignore = !await exists(cases) || !await exists(photo);

Deno.test({ name: "loadModel() opens models with layers that are not Keras's own", ignore }, async (t) => {
  await tryBackend("wasm");
  const opened: readonly (readonly [file: string, layer: string, note: RegExp])[] = [
    [
      "autokeras_cast.keras",
      "conv2d_6",
      /"cast_to_float32" \(CastToFloat32\) as a layer that leaves its input/,
    ],
    ["fixed_dropout.h5", "top_activation", /"block_drop" \(FixedDropout\) as a layer that leaves its input/],
    ["int8.keras", "conv2d_18", /^Dense of int8: weights made float32 again/],
  ];
  for (const [file, layer, note] of opened) {
    await t.step(file, () =>
      leavingNoTensors(async () => {
        using model = await loadModel(new URL(file, cases), { preprocess: "none" });
        assert(model.notes.some((text) => note.test(text)), model.notes.join());
        assertEquals((await gradcam(model, photo)).layer, layer);
      }));
  }
  await t.step("hub_layer.h5", () =>
    leavingNoTensors(async () => {
      await assertRejects(
        () => loadModel(new URL("hub_layer.h5", cases)),
        ModelError,
        'layer "keras_layer" is a TensorFlow Hub layer (https://tfhub.dev/google/bit/m-r50x1/1), whose network is not ' +
          "in the file: save all of it with tf.saved_model.save(",
      );
    }));
  await t.step("softmax_one_unit.keras", () =>
    leavingNoTensors(async () => {
      using model = await loadModel(new URL("softmax_one_unit.keras", cases));
      const { warnings } = await gradcam(model, photo);
      assert(
        warnings.some((warning) => /softmax over one unit, whose score is 1/.test(warning)),
        warnings.join(),
      );
    }));
});
