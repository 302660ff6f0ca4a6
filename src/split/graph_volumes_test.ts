/** Converted networks of volumes: they are run, and no layer of theirs has height, width and channels alone. */
import { assertEquals, assertRejects, assertStringIncludes } from "@std/assert";
import { LayerNotFoundError } from "../base/errors.ts";
import { gradcam } from "../explain/gradcam.ts";
import { loadModel } from "../formats/mod.ts";
import { attributes, graphFiles, node, placeholder } from "../testing/graph.ts";
import { leavingNoTensors, testdata, testedBackends, tryBackend } from "../testing/mod.ts";
import { findDefaultLayer } from "./default_layer.ts";

const photo = new URL("images/plain.png", testdata);

/** A 3-D convolution, a pool and the means of all voxels. */
function graphOf(shape: readonly number[]) {
  const channels = shape[4]!;
  const settings = { padding: attributes.text("VALID"), data_format: attributes.text("NDHWC") };
  return graphFiles({
    nodes: [
      placeholder("volume", shape),
      node("Conv3D", "conv", ["volume", "kernel"], {
        ...settings,
        strides: attributes.ints(1, 1, 1, 1, 1),
        dilations: attributes.ints(1, 1, 1, 1, 1),
      }),
      node("AddV2", "add", ["conv", "bias"]),
      node("Relu", "relu", ["add"]),
      node("MaxPool3D", "pool", ["relu"], {
        ...settings,
        ksize: attributes.ints(1, 2, 2, 2, 1),
        strides: attributes.ints(1, 2, 2, 2, 1),
      }),
      node("Mean", "scores", ["pool", "axes"], { keep_dims: { b: false } }),
      node("Softmax", "out", ["scores"]),
    ],
    weights: {
      kernel: { shape: [3, 3, 3, channels, 2], values: new Array(54 * channels).fill(0.1) },
      bias: { shape: [1, 1, 1, 1, 2], values: [0.1, -0.1] },
      axes: { shape: [3], values: [1, 2, 3], dtype: "int32" },
    },
    outputs: ["out"],
  });
}

Deno.test("a graph of volumes is run, and has no layer for a map", async (t) => {
  for (const backend of testedBackends) {
    const missing = await tryBackend(backend);
    for (const shape of [[-1, 8, 10, 12, 1], [1, 8, 10, 12, 1], [4, 8, 10, 12, 1], [-1, -1, -1, -1, 3]]) {
      const name = `[${shape}] on ${backend}`;
      await t.step({
        name: missing === undefined ? name : `${name} (${missing})`,
        ignore: missing !== undefined,
        fn: () =>
          leavingNoTensors(async () => {
            using model = await loadModel(graphOf(shape));
            assertEquals(model.layers.find(({ path }) => path === "pool")!.outputShape.length, 5);
            assertEquals(findDefaultLayer(model), undefined);
            const error = await assertRejects(() => gradcam(model, photo), LayerNotFoundError);
            assertStringIncludes(error.message, "Could not find 4D layer. Cannot apply Grad-CAM.");
          }),
      });
    }
  }
  await tryBackend("cpu");
});
