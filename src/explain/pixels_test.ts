import * as tf from "@tensorflow/tfjs";
import { assertEquals, assertStringIncludes } from "@std/assert";
import { selectBackend } from "../../backends/mod.ts";
import { runMain, withTempDir } from "../cli/testing.ts";
import { leavingNoTensors, testdata } from "../testing/mod.ts";
import { writeModel } from "../testing/tiny_model.ts";
import { gradcam } from "./gradcam.ts";

/** A network whose first batch norm saw pixels of −1 … 1. */
function trainedOnSigned(): tf.LayersModel {
  const norm = tf.layers.batchNormalization({ name: "norm" });
  const model = tf.sequential({
    layers: [
      tf.layers.inputLayer({ inputShape: [24, 32, 3] }),
      norm,
      tf.layers.conv2d({ filters: 4, kernelSize: 3, activation: "relu", name: "features" }),
      tf.layers.globalAveragePooling2d({}),
      tf.layers.dense({ units: 2, activation: "softmax" }),
    ],
  });
  tf.tidy(() => {
    const [gamma, beta] = norm.getWeights();
    norm.setWeights([gamma!, beta!, tf.tensor1d([-0.03, -0.09, -0.19]), tf.tensor1d([0.31, 0.3, 0.32])]);
  });
  return model;
}

const photo = new URL("photos/chelsea.png", testdata);
const note = 'Pixels are scaled to −1 … 1, as batch norm "norm" saw in training';

Deno.test("gradcam() finds out how a model that the caller holds sees pixels, and says why", async () => {
  await selectBackend({ backend: "cpu" });
  await leavingNoTensors(async () => {
    const model = trainedOnSigned();
    const explanation = await leavingNoTensors(() => gradcam(model, photo));
    assertEquals([explanation.pixels?.preprocessing.name, explanation.warnings], ["tf", []]);
    assertStringIncludes(explanation.pixels!.note, note);
    assertStringIncludes(JSON.stringify(explanation), '"pixels":{"name":"tf"');
    const told = await gradcam(model, photo, { preprocess: "unit" });
    assertEquals([told.pixels?.preprocessing.name, told.pixels?.note], ["unit", ""]);
    const x = tf.zeros<tf.Rank.R3>([24, 32, 3]);
    assertEquals((await gradcam(model, x)).pixels, undefined);
    x.dispose();
    model.dispose();
  });
});

Deno.test("the command line says once how it was found out, and inspect lists the evidence", () =>
  withTempDir(async (folder) => {
    await selectBackend({ backend: "cpu" });
    const model = trainedOnSigned();
    const location = await writeModel(model, folder);
    model.dispose();
    const photos = [photo.pathname, new URL("photos/coffee.png", testdata).pathname];
    const { code, stderr } = await runMain([...photos, "--model", location, "--save", "none"]);
    assertEquals([code, stderr.text.split(note).length], [0, 2], stderr.text);
    const inspected = await runMain(["inspect", "--model", location]);
    assertStringIncludes(inspected.stdout.text, "pixels    tf: (v - [127.5]) / [127.5]");
    assertStringIncludes(inspected.stdout.text, 'evidence  −1 … 1: batch norm "norm" saw in training, ');
    const { evidence } = JSON.parse((await runMain(["inspect", "--model", location, "--json"])).stdout.text);
    assertEquals(evidence.map(({ source }: { source: string }) => source), ["batch-norm"]);
  }));
