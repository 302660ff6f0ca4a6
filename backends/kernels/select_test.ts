import * as tf from "@tensorflow/tfjs";
import { assertEquals } from "@std/assert";
import { leavingNoTensors, testedBackends, tryBackend } from "../../src/testing/mod.ts";

Deno.test("where() chooses along five axes on every backend", async (t) => {
  for (const backend of testedBackends) {
    const missing = await tryBackend(backend);
    await t.step({
      name: missing === undefined ? backend : `${backend} skipped: ${missing}`,
      ignore: missing !== undefined,
      fn: () =>
        leavingNoTensors(async () => {
          const chosen = tf.tidy(() => {
            const x = tf.tensor([1, -2, 3, -4, 5, -6], [1, 3, 1, 2, 1]);
            return tf.where(x.greater(0), x, x.mul(10));
          });
          assertEquals(chosen.shape, [1, 3, 1, 2, 1]);
          assertEquals([...await chosen.data()], [1, -20, 3, -40, 5, -60]);
          chosen.dispose();
        }),
    });
  }
  await tryBackend("cpu");
});
