import * as tf from "@tensorflow/tfjs";
import { assertAlmostEquals, assertEquals } from "@std/assert";
import { selectBackend } from "../../backends/mod.ts";
import { leavingNoTensors } from "../testing/mod.ts";
import type { Tensor4D } from "../base/tensors.ts";
import { deepFeatureFactorizationMethod as method } from "./deepfeaturefactorization.ts";
import { givenPlace, givenProbe } from "./testing.ts";

Deno.test("deepFeatureFactorizationMethod", async (t) => {
  await selectBackend({ backend: "cpu" });
  await leavingNoTensors(async () => {
    // One channel on the left, the other on the right; what is negative does not count.
    const activation = tf.tensor4d([[[[2, -1], [1, 0], [-5, 3]]]]); // [1, 1, 3, 2]
    const run = (weights: readonly number[], components = 2) => {
      const value = (batch: Tensor4D) => batch.mul(tf.tensor1d([...weights])).sum([1, 2, 3]);
      return method.map(givenProbe({ layer: givenPlace({ activation, value }), settings: { components } }));
    };

    await t.step("shows the component whose concept speaks for the target", async () => {
      const maps: number[][] = [];
      for (const weights of [[1, 0], [0, 1]]) {
        const { map, components, details } = await run(weights);
        maps.push([...await map.data()]);
        assertEquals(map.shape, [1, 3]);
        assertEquals(components?.length, 2);
        assertAlmostEquals(details!.error!, 0, 1e-6);
        map.dispose();
      }
      assertEquals(maps, [[2, 1, 0], [0, 0, 3]]);
    });

    await t.step("tells each component's scores, as if the layer held nothing else", async () => {
      const { map, components } = await run([1, 10]);
      map.dispose();
      const [left, right] = components!.toSorted((a, b) => b.map.data[0]! - a.map.data[0]!);
      assertEquals(left, {
        map: { data: Float32Array.of(2, 1, 0), height: 1, width: 3 },
        classes: [{ classIndex: 0, score: 3 * 2 }], // three pixels of the concept [2, 0]
      });
      assertEquals(right?.classes, [{ classIndex: 0, score: 3 * 3 * 10 }]);
    });

    await t.step("gives zeros where nothing is positive", async () => {
      const nothing = tf.tensor4d([[[[-1, 0], [0, -2]]]]);
      const { map, components } = await method.map(
        givenProbe({ layer: givenPlace({ activation: nothing }) }),
      );
      assertEquals([...await map.data()], [0, 0]);
      assertEquals(components, undefined);
      tf.dispose([nothing, map]);
    });
    activation.dispose();
  });
});
