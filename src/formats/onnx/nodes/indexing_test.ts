import { assert, assertAlmostEquals, assertEquals } from "@std/assert";
import { ensureBackend } from "../../../../backends/mod.ts";
import * as tf from "../../../base/tfjs.ts";
import { gradcam } from "../../../explain/gradcam.ts";
import { leavingNoTensors } from "../../../testing/mod.ts";
import { loadModel } from "../../mod.ts";
import { attribute, ends, graph, ints, model, node, small, value, weight } from "../testing.ts";

function picture(): tf.Tensor4D {
  return tf.tidy(() => tf.range(0, 72).sin().reshape([1, 6, 4, 3])) as tf.Tensor4D;
}

/** The two largest numbers of a convolution, taken once more at their places, which count from the end in `before`. */
function twoBest(before: number) {
  return model(graph(
    node("Conv x w -> a", [attribute("pads", [1, 1, 1, 1])]),
    node("Flatten a -> f"),
    node("TopK f k -> best i"),
    node("Add i before -> j"),
    node("GatherElements f j -> y", [attribute("axis", 1)]),
    ints("k", [2]),
    ints("before", [before]),
    weight("w", [4, 3, 3, 3], Array.from({ length: 108 }, (_, at) => Math.cos(at * at))),
    ...ends,
  ));
}

Deno.test("GatherElements takes numbers at places that are computed, and gradients go back to them", async () => {
  await ensureBackend({ backend: "cpu" });
  for (const before of [0, -96]) {
    await leavingNoTensors(async () => {
      using opened = await loadModel(twoBest(before), { preprocess: "none" });
      const x = picture(), split = opened.split("Conv_node");
      const { activation } = split.head(x);
      const scores = opened.predict(x);
      const numbers = await activation.data(), sorted = numbers.toSorted().reverse();
      assertEquals(Array.from(await scores.data()), Array.from(sorted.slice(0, 2)));
      const channel = numbers.indexOf(sorted[0]!) % 4;
      const { maps: [map] } = await gradcam(opened, x, { classIndex: 0, layer: "Conv_node" });
      map!.raw.data.forEach((one, at) => assertAlmostEquals(one, numbers[at * 4 + channel]! / 24, 1e-6));
      tf.dispose([x, scores, activation]);
    });
  }
});

Deno.test("an output of steps, each of one picture, is read as one of a sequence", async () => {
  await ensureBackend({ backend: "cpu" });
  const bytes = model(graph(
    ...small.slice(0, 2),
    node("ReduceMean b -> r", [attribute("axes", [2]), attribute("keepdims", 0)]),
    node("Transpose r -> t", [attribute("perm", [2, 0, 1])]),
    node("MatMul t m -> y"),
    ...small.slice(5),
    ends[0]!,
    value(12, "y", [4, "n", 2]),
  ));
  await leavingNoTensors(async () => {
    using opened = await loadModel(bytes, { preprocess: "none" });
    assertEquals(opened.outputs[0]!.shape, [null, 4, 2]);
    const x = picture(), scores = opened.predict(x);
    assertEquals(scores.shape, [1, 2]);
    assert((await scores.data()).every(Number.isFinite));
    tf.dispose([x, scores]);
  });
});
