import * as tf from "@tensorflow/tfjs";
import { assertEquals, fail } from "@std/assert";
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

/** Photos whose numbers are their index. */
function numbered(from: number, to: number): tf.Tensor4D {
  return tf.tidy(() => tf.range(from, to).reshape([to - from, 1, 1, 1]).mul(tf.ones([1, 1, 2, 1])));
}

Deno.test("Site runs several at once where a model can, and tries it with one run more", async (t) => {
  await selectBackend({ backend: "cpu" });
  const sum = (batch: tf.Tensor4D) =>
    tf.tidy(() => batch.sum<tf.Tensor2D>([1, 2, 3]).expandDims<tf.Tensor2D>(1));
  const models: Record<string, [(batch: tf.Tensor4D) => tf.Tensor2D, number[]]> = {
    "takes several": [sum, [1, 64, 6]],
    "throws": [(batch) => batch.shape[0] > 1 ? fail("one at a time") : sum(batch), [
      1,
      64,
      ...Array(70).fill(1),
    ]],
    "gives other scores": [
      (batch) => batch.shape[0] > 1 ? tf.ones([batch.shape[0], 1]) : sum(batch),
      [1, 64, ...Array(70).fill(1)],
    ],
    "gives one row for all": [
      (batch) => tf.tidy(() => sum(batch).slice([0, 0], [1, 1])),
      [1, 64, ...Array(70).fill(1)],
    ],
  };
  for (const [what, [rerun, wanted]] of Object.entries(models)) {
    await t.step(`which ${what}`, async () => {
      await leavingNoTensors(async () => {
        const batches: number[] = [];
        let done = 0;
        const split = {
          rerun: (batch: tf.Tensor4D) => {
            batches.push(batch.shape[0]);
            return Promise.resolve().then(() => rerun(batch));
          },
        } as unknown as SplitModel;
        const activation = tf.zeros<tf.Rank.R4>([1, 1, 2, 1]);
        const site = new Site(split, () => Promise.resolve({ activation, carried: [] }), {
          pause: () => Promise.resolve(),
          count: (more) => done += more,
        });
        const scores: number[] = [];
        for await (const some of site.run(70, numbered)) {
          scores.push(...await some.data());
          some.dispose();
        }
        assertEquals(scores, Array.from({ length: 70 }, (_, at) => 2 * at));
        assertEquals([batches, done], [wanted, 70]);
        await site.dispose();
      });
    });
  }
});

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
