import * as tf from "@tensorflow/tfjs";
import { assertAlmostEquals, assertEquals } from "@std/assert";
import { selectBackend } from "../../backends/mod.ts";
import { leavingNoTensors } from "../testing/mod.ts";
import type { Tensor4D } from "../base/tensors.ts";
import { scorecamMethod } from "./scorecam.ts";
import { givenPlace, givenProbe, rawMapOf } from "./testing.ts";

Deno.test("scorecamMethod", async (t) => {
  await selectBackend({ backend: "cpu" });
  await leavingNoTensors(async () => {
    // A layer 1 high and 2 wide with three channels, the last the same everywhere; a photo of the same size.
    const activation = tf.tensor4d([[[[1, 5, 10], [3, 1, 10]]]]); // [1, 1, 2, 3]
    const layer = givenPlace({ activation });
    const x = tf.tensor4d([[[[2], [4]]]]); // [1, 1, 2, 1]
    const sum = (batch: Tensor4D) => batch.sum([1, 2, 3]);
    const picture = givenPlace({ activation: x, value: sum });

    await t.step("weights channels by the softmax of what is seen through them", async () => {
      // The masks are [0, 1], [1, 0] and [0, 0]: the scores are 4, 2 and 0.
      const all = Math.exp(4) + Math.exp(2) + 1;
      const weights = [Math.exp(4) / all, Math.exp(2) / all, 1 / all] as const;
      const { shape, data } = await rawMapOf(scorecamMethod, givenProbe({ layer, picture }));
      assertEquals(shape, [1, 2]);
      assertAlmostEquals(data[0]!, weights[0] * 1 + weights[1] * 5 + weights[2] * 10, 1e-5);
      assertAlmostEquals(data[1]!, weights[0] * 3 + weights[1] * 1 + weights[2] * 10, 1e-5);
    });

    await t.step("takes the most varied channels alone", async () => {
      const two = await rawMapOf(scorecamMethod, givenProbe({ layer, picture, settings: { channels: 2 } }));
      const [first, second] = [1 / (1 + Math.exp(-2)), 1 / (1 + Math.exp(2))];
      assertAlmostEquals(two.data[0]!, first * 1 + second * 5, 1e-5);
      const one = await rawMapOf(scorecamMethod, givenProbe({ layer, picture, settings: { channels: 1 } }));
      assertEquals(one.data, [5, 1]); // whose deviation is 2, the other's 1
    });

    await t.step("scales masks after they were brought to the photo's size", async () => {
      // Of [0, 1] four pixels become 0, 0.25, 0.75, 1; of a photo of ones 2 is seen.
      const ones = tf.ones<tf.Rank.R4>([1, 2, 4, 1]);
      const seen: number[][] = [];
      const value = (batch: Tensor4D) => {
        seen.push([...batch.slice([0, 0, 0, 0], [1, 1, -1, -1]).dataSync()]);
        return sum(batch);
      };
      const large = givenPlace({ activation: ones, value });
      await rawMapOf(scorecamMethod, givenProbe({ layer, picture: large }));
      assertEquals(seen[0], [0, 0.25, 0.75, 1]);
      ones.dispose();
    });

    await t.step("costs a run of the model a channel", () => {
      const scope = { layer: [1, 1, 2, 3], picture: [1, 1, 2, 1] } as const;
      const runs = (channels: number) =>
        scorecamMethod.cost({ ...scope, settings: { channels } }).pictureRuns;
      assertEquals([0, 2, 64].map(runs), [3, 2, 3]);
    });
    tf.dispose([activation, x]);
  });
});
