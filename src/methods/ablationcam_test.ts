import * as tf from "@tensorflow/tfjs";
import { assertAlmostEquals, assertEquals, assertMatch } from "@std/assert";
import { selectBackend } from "../../backends/mod.ts";
import { leavingNoTensors } from "../testing/mod.ts";
import type { Tensor4D } from "../base/tensors.ts";
import { ablationcamMethod } from "./ablationcam.ts";
import { givenPlace, givenProbe, rawMapOf } from "./testing.ts";

Deno.test("ablationcamMethod", async (t) => {
  await selectBackend({ backend: "cpu" });
  await leavingNoTensors(async () => {
    const activation = tf.tensor4d([[[[1, 10], [4, 20]]]]); // [1, 1, 2, 2], whose sums are 5 and 30
    /** A layer whose channels count so much for the score. */
    const probeOf = (weights: readonly [number, number], channels = 0) => {
      const value = (batch: Tensor4D) => batch.mul(tf.tensor1d([...weights])).sum([1, 2, 3]);
      const layer = givenPlace({ activation, value });
      return givenProbe({ layer, value: 5 * weights[0] + 30 * weights[1], settings: { channels } });
    };

    await t.step("weights channels by how far the score falls without them", async () => {
      // y = 10 + 3; without the one channel it is 3, without the other 10.
      const { shape, data } = await rawMapOf(ablationcamMethod, probeOf([2, 0.1]));
      assertEquals(shape, [1, 2]);
      assertAlmostEquals(data[0]!, (10 * 1 + 3 * 10) / 13, 1e-5);
      assertAlmostEquals(data[1]!, (10 * 4 + 3 * 20) / 13, 1e-5);
    });

    await t.step("takes the most varied channels alone", async () => {
      const { data } = await rawMapOf(ablationcamMethod, probeOf([2, 0.1], 1));
      assertAlmostEquals(data[0]!, 3 / 13 * 10, 1e-5);
      assertAlmostEquals(data[1]!, 3 / 13 * 20, 1e-5);
    });

    await t.step("does not divide by a score of 0", async () => {
      const { data } = await rawMapOf(ablationcamMethod, probeOf([6, -1])); // 30 − 30
      assertEquals(data, [30 * 1 - 30 * 10, 30 * 4 - 30 * 20]);
    });

    await t.step("says what dividing by a score below zero does", async () => {
      const { map, warnings } = await ablationcamMethod.map(probeOf([2, -1]));
      map.dispose();
      assertMatch(warnings![0]!, /below zero/);
    });

    await t.step("costs a run from the layer a channel", () => {
      const scope = { layer: [1, 1, 2, 2], picture: [1, 1, 2, 1] } as const;
      assertEquals(ablationcamMethod.cost({ ...scope, settings: { channels: 0 } }), { layerRuns: 2 });
    });
    activation.dispose();
  });
});
