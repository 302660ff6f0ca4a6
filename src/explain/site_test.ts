import * as tf from "@tensorflow/tfjs";
import { assertEquals } from "@std/assert";
import { selectBackend } from "../../backends/mod.ts";
import type { SplitModel } from "../split/model.ts";
import { leavingNoTensors } from "../testing/mod.ts";
import { Site } from "./site.ts";

/** A model that gives the sum of its input, and what it was given. */
function summing(given: tf.Tensor4D[]): SplitModel {
  const rerun = (batch: tf.Tensor4D) => {
    given.push(batch.clone());
    return Promise.resolve(tf.tidy(() => batch.sum<tf.Tensor2D>([1, 2, 3]).expandDims(1)));
  };
  return { rerun } as unknown as SplitModel;
}

Deno.test("Site gives a model whole numbers where it takes those", async () => {
  await selectBackend({ backend: "cpu" });
  await leavingNoTensors(async () => {
    const given: tf.Tensor4D[] = [];
    const activation = tf.tensor4d([[[[7], [8]]]], [1, 1, 2, 1], "int32");
    const site = new Site(summing(given), () => Promise.resolve({ activation, carried: [] }), {
      pause: () => Promise.resolve(),
      count: () => {},
    });
    const scores: number[] = [];
    for await (const some of site.run(1, () => tf.tensor4d([[[[2.6], [-1.4]]]]))) {
      scores.push(...await some.data());
      some.dispose();
    }
    assertEquals(given.map(({ dtype }) => dtype), ["int32"]);
    assertEquals(scores, [3 - 1]);
    tf.dispose(given);
    await site.dispose();
  });
});
