/** Networks of volumes: no map can be taken, and each place says so in one line. */
import * as tf from "@tensorflow/tfjs";
import { assertEquals, assertRejects, assertStringIncludes } from "@std/assert";
import { selectBackend } from "../../backends/mod.ts";
import { LayerNotFoundError } from "../base/errors.ts";
import { runMain, withTempDir } from "./testing.ts";
import { gradcam } from "../explain/gradcam.ts";
import { createHandler } from "../server/mod.ts";
import { leavingNoTensors, testdata } from "../testing/mod.ts";
import { writeModel } from "../testing/tiny_model.ts";

const photo = new URL("images/plain.png", testdata);
const why =
  "it is a network of volumes or of videos, its input is 5-D, [any, 6, 5, 4, 1]: maps are taken of pictures";
const whole = `Could not find 4D layer. Cannot apply Grad-CAM. I${why.slice(1)}`;

/** Do something with a classifier of volumes, and with a file of it. */
async function withVolumes(use: (model: tf.LayersModel, path: string) => Promise<void>): Promise<void> {
  await selectBackend({ backend: "cpu" });
  const input = tf.input({ shape: [6, 5, 4, 1] });
  const features = tf.layers.conv3d({ filters: 2, kernelSize: 2, name: "features" }).apply(input);
  const flat = tf.layers.flatten({}).apply(features);
  const scores = tf.layers.dense({ units: 2 }).apply(flat) as tf.SymbolicTensor;
  const model = tf.model({ inputs: input, outputs: scores });
  try {
    await withTempDir(async (folder) => use(model, await writeModel(model, folder)));
  } finally {
    model.dispose();
  }
}

Deno.test("a network of volumes is told as such", async (t) => {
  await withVolumes(async (model, path) => {
    await t.step(
      "by the library",
      () =>
        leavingNoTensors(async () => {
          await assertRejects(() => gradcam(model, photo), LayerNotFoundError, whole);
        }),
    );
    await t.step("by the commands", () =>
      leavingNoTensors(async () => {
        const explained = await runMain([photo.pathname, "--model", path, "--save", "none"]);
        assertEquals([explained.code, explained.stderr.text], [1, `gradcam: ${whole}\n`]);
        const { code, stderr } = await runMain(["layers", path]);
        assertEquals([code, stderr.text], [0, `warning: No layer has a 4-D output: ${why}\n`]);
        const inspected = await runMain(["inspect", path]);
        assertEquals([inspected.code, inspected.stderr.text], [0, ""]);
        assertStringIncludes(inspected.stdout.text, `none: ${why}\n`);
      }));
    await t.step("by the service", () =>
      leavingNoTensors(async () => {
        const handler = createHandler({ model, backend: "cpu" });
        const body = await Deno.readFile(photo);
        const refused = await handler(new Request("http://localhost/explain", { method: "POST", body }));
        const { detail } = await refused.json();
        assertEquals(detail, whole);
        const listed = await (await handler(new Request("http://localhost/layers"))).json();
        assertEquals([listed.default, listed.reason], [null, why]);
      }));
  });
});
