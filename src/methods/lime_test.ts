import * as tf from "@tensorflow/tfjs";
import { assertAlmostEquals, assertEquals, assertGreater } from "@std/assert";
import { selectBackend } from "../../backends/mod.ts";
import { leavingNoTensors } from "../testing/mod.ts";
import type { Tensor4D } from "../base/tensors.ts";
import { limeMethod } from "./lime.ts";
import { givenPlace, givenProbe, rawMapOf } from "./testing.ts";

Deno.test("limeMethod", async (t) => {
  await selectBackend({ backend: "cpu" });
  await leavingNoTensors(async () => {
    // Dark on the left, bright on the right: two superpixels, 2 high and 2 wide each, with the sums 4 and 20.
    const x = tf.tensor4d([[[[1], [1], [5], [5]], [[1], [1], [5], [5]]]]); // [1, 2, 4, 1]
    const black = tf.zerosLike(x);
    const both = { segments: 2, samples: 300, baseline: "black" } as const;
    const probe = (settings: object, value = (batch: Tensor4D) => batch.sum([1, 2, 3])) =>
      givenProbe({
        picture: givenPlace({ activation: x, value }),
        baselines: { black },
        settings: { ...both, ...settings },
      });

    await t.step("gives each pixel its superpixel's part in the score", async () => {
      const { shape, data } = await rawMapOf(limeMethod, probe({}));
      assertEquals(shape, [2, 4]);
      assertEquals(data, [...data.slice(0, 4), ...data.slice(0, 4)]);
      assertEquals([data[1], data[3]], [data[0], data[2]]);
      // Held back by the penalty of 1 beside some two hundred weighted samples.
      assertAlmostEquals(data[0]!, 4, 0.4);
      assertAlmostEquals(data[2]!, 20, 1);
    });

    await t.step("gives the solution of the weighted regression", async () => {
      // Two samples: all, and what the first random numbers show of it.
      const random = probe({}).random("samples");
      const [left, right] = [random() < 0.5, random() < 0.5];
      const shown = Number(left) + Number(right);
      const distance = 1 - Math.sqrt(shown / 2);
      const weight = Math.sqrt(Math.exp(-((distance / 0.25) ** 2)));
      const { data } = await rawMapOf(limeMethod, probe({ samples: 2 }));
      // Both lie on a line in the direction d of what is hidden: β = d·s·Δ / (1 + s·|d|²), s = w / (1 + w).
      const hidden = [Number(!left), Number(!right)] as const;
      const part = weight / (1 + weight);
      const fall = hidden[0] * 4 + hidden[1] * 20;
      const slope = part * fall / (1 + part * (hidden[0] + hidden[1]));
      assertAlmostEquals(data[0]!, hidden[0] * slope, 1e-5);
      assertAlmostEquals(data[2]!, hidden[1] * slope, 1e-5);
    });

    await t.step("hides by each superpixel's mean colour where nothing is said", async () => {
      const { data } = await rawMapOf(limeMethod, probe({ baseline: undefined }));
      data.forEach((value) => assertAlmostEquals(value, 0, 1e-5)); // of which these have one alone
    });

    await t.step("keeps what speaks for the target, or against it", async () => {
      const against = (batch: Tensor4D) =>
        batch.mul(tf.tensor([1, 1, -1, -1]).reshape([1, 1, 4, 1])).sum([1, 2, 3]);
      const signed = await rawMapOf(limeMethod, probe({}, against));
      const pro = await rawMapOf(limeMethod, probe({ part: "pro" }, against));
      const con = await rawMapOf(limeMethod, probe({ part: "con" }, against));
      assertGreater(pro.data[0]!, 0);
      assertGreater(con.data[2]!, 0);
      assertEquals(pro.data, signed.data.map((value) => Math.max(value, 0)));
      assertEquals(con.data, signed.data.map((value) => Math.max(-value, 0)));
    });
    tf.dispose([x, black]);
  });
});
