import { assertAlmostEquals, assertEquals } from "@std/assert";
import { ensureBackend } from "../../../../backends/mod.ts";
import * as tf from "../../../base/tfjs.ts";
import { leavingNoTensors } from "../../../testing/mod.ts";
import { loadModel } from "../../mod.ts";
import { attribute, ends, graph, model, node, small, weight } from "../testing.ts";

/** A convolution with dilations, moved by some strides, or by one and every second of its numbers taken. */
function dilatedNetwork(groups: number, apart: boolean) {
  const shared = [
    attribute("pads", [2, 1, 2, 1]),
    attribute("dilations", [2, 1]),
    attribute("group", groups),
  ];
  return model(graph(
    ...apart
      ? [
        node("Conv x w -> s", shared),
        node("MaxPool s -> a", [attribute("kernel_shape", [1, 1]), attribute("strides", [2, 2])]),
      ]
      : [node("Conv x w -> a", [...shared, attribute("strides", [2, 2])])],
    ...small.slice(1, 4),
    node("Gemm d m -> y"),
    weight("w", [6, 3 / groups, 3, 3], Array.from({ length: 162 / groups }, (_, at) => Math.cos(at * at))),
    weight("m", [6, 2]),
    ...ends,
  ));
}

Deno.test("a convolution may have strides and dilations at once", async () => {
  for (const backend of ["cpu", "wasm"] as const) {
    await ensureBackend({ backend });
    for (const groups of [1, 3]) {
      await leavingNoTensors(async () => {
        const scores = await Promise.all([true, false].map(async (apart) => {
          using opened = await loadModel(dilatedNetwork(groups, apart), { preprocess: "none" });
          assertEquals(opened.layers.find(({ path }) => path === "Relu_node")!.stride, [2, 2]);
          const x = tf.tidy(() => tf.range(0, 72).sin().reshape([1, 6, 4, 3])) as tf.Tensor4D;
          const y = opened.predict(x), numbers = await y.data();
          tf.dispose([x, y]);
          return numbers;
        }));
        scores[0]!.forEach((score, at) => assertAlmostEquals(scores[1]![at]!, score, 1e-5));
      });
    }
  }
});
