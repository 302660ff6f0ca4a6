/**
 * A converted graph that people really have, whose fused convolutions have biases [1, 1, 1, C]. It is not part of the
 * project: the test runs where the folder `../shared/data` lies beside the checkout, and is skipped elsewhere.
 */
import { assertAlmostEquals, assertEquals, assertStringIncludes } from "@std/assert";
import { gradcam } from "../explain/gradcam.ts";
import { createHandler } from "../server/mod.ts";
import { exists, largestDifference, leavingNoTensors, testedBackends, tryBackend } from "../testing/mod.ts";
import { runMain } from "./testing.ts";

const data = new URL("../../../shared/data/", import.meta.url);
const model = new URL("cases/graph_rank4_bias/", data);
const dog = new URL("photos/tfjs-examples/dog.jpg", data);
const ignore = !(await exists(model) && await exists(dog));

Deno.test({
  name: "a graph with biases of four axes is computed on every backend",
  ignore,
  async fn(t) {
    let first: Float32Array | undefined;
    for (const backend of testedBackends) {
      for (const threads of backend === "wasm" ? [1, 2] : [undefined]) {
        const missing = await tryBackend(backend);
        const name = `${backend} ${threads ?? ""}${missing === undefined ? "" : ` (${missing})`}`;
        await t.step({
          name,
          ignore: missing !== undefined,
          fn: () =>
            leavingNoTensors(async () => {
              const preprocess = "unit";
              const options = { preprocess, backend, ...(threads !== undefined && { threads }) } as const;
              const { classIndex, score, heatmap, warnings } = await gradcam(model, dog, options);
              assertEquals([classIndex, warnings], [1, []]);
              assertAlmostEquals(score, 0.9164, 1e-4);
              first ??= heatmap.data;
              assertAlmostEquals(largestDifference(heatmap.data, first), 0, 1e-4);
            }),
        });
      }
    }
    for (const backend of ["wasm", "cpu"]) {
      await t.step(`the commands, ${backend}`, async () => {
        const inspected = await runMain(["inspect", model.pathname, "--backend", backend]);
        assertEquals([inspected.code, inspected.stderr.text], [0, ""]);
        assertStringIncludes(inspected.stdout.text, "at all 21 spatial layers");
      });
    }
    await t.step("the layers", async () => {
      const { code, stdout } = await runMain(["layers", model.pathname]);
      assertEquals(code, 0);
      assertStringIncludes(stdout.text, "conv2d_19_1/Relu");
    });
    await t.step("the service", async () => {
      const handler = createHandler({ model, preprocess: "unit", backend: "wasm" });
      const photo = await Deno.readFile(dog);
      const request = new Request("http://localhost/explain", { method: "POST", body: photo });
      const response = await handler(request);
      assertEquals([response.status, response.headers.get("gradcam-class")], [200, "1"]);
      await response.body?.cancel();
    });
    await tryBackend("cpu");
  },
});
