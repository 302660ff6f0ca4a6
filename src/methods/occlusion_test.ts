import * as tf from "@tensorflow/tfjs";
import { assertEquals } from "@std/assert";
import { selectBackend } from "../../backends/mod.ts";
import { leavingNoTensors } from "../testing/mod.ts";
import type { Tensor4D } from "../base/tensors.ts";
import { occlusionMethod } from "./occlusion.ts";
import { givenPlace, givenProbe, rawMapOf } from "./testing.ts";
import { layWindows } from "./windows.ts";

Deno.test("layWindows covers every pixel, and cuts off what is beyond the edge", () => {
  const windows = layWindows({ height: 3, width: 5, side: 2, stride: 2 });
  const all = Array.from({ length: windows.count }, (_, at) => Object.values(windows.at(at)));
  assertEquals(all, [
    [0, 0, 2, 2], // top, left, bottom, right
    [0, 2, 2, 4],
    [0, 4, 2, 5],
    [2, 0, 3, 2],
    [2, 2, 3, 4],
    [2, 4, 3, 5],
  ]);
  assertEquals(layWindows({ height: 3, width: 5, side: 9, stride: 9 }).count, 1);
});

Deno.test("occlusionMethod", async (t) => {
  await selectBackend({ backend: "cpu" });
  await leavingNoTensors(async () => {
    const x = tf.tensor4d([[[[1], [2], [3]], [[4], [5], [6]]]]); // [1, 2, 3, 1], whose sum is 21
    const mean = tf.zerosLike(x);
    const picture = givenPlace({ activation: x, value: (batch: Tensor4D) => batch.sum([1, 2, 3]) });
    const probe = (settings: object) =>
      givenProbe({ picture, value: 21, baselines: { mean }, settings: { ...settings } });

    await t.step("gives the mean fall of the score over the windows that cover a pixel", async () => {
      // Two windows: the columns 0 and 1, whose sum is 12, and the columns 1 and 2, whose sum is 16.
      const map = await rawMapOf(occlusionMethod, probe({ window: 2, stride: 1 }));
      assertEquals(map, { shape: [2, 3], data: [12, 14, 16, 12, 14, 16] });
    });

    await t.step("leaves no pixel out, and says so", async () => {
      const { map, warnings } = await occlusionMethod.map(probe({ window: 1, stride: 3 }));
      assertEquals([...await map.data()], [1, 2, 3, 4, 5, 6]);
      map.dispose();
      assertEquals(warnings?.length, 1);
    });

    await t.step("takes a seventh of the longer side where nothing is said", async () => {
      const map = await rawMapOf(occlusionMethod, probe({}));
      assertEquals(map.data, [1, 2, 3, 4, 5, 6]);
      const scope = { layer: [1, 7, 7, 3], picture: [1, 224, 224, 3] } as const;
      assertEquals(occlusionMethod.cost({ ...scope, settings: {} }), { pictureRuns: 13 * 13 }); // 32, moved by 16
    });

    await t.step("gives AUCMEDI's map where it is asked for", async () => {
      const settings = { window: 1, stride: 1, variant: "aucmedi" };
      const map = await rawMapOf(occlusionMethod, probe(settings));
      assertEquals(map.data, [1, 2, 3, 4, 5, 6].map((value) => 1 - (21 - value + 127.5)));
    });
    tf.dispose([x, mean]);
  });
});
