import * as tf from "@tensorflow/tfjs";
import { assertAlmostEquals, assertEquals, assertGreater, assertLess } from "@std/assert";
import { selectBackend } from "../../backends/mod.ts";
import { largestDifference, leavingNoTensors } from "../testing/mod.ts";
import type { Tensor4D } from "../base/tensors.ts";
import { drawMask, spreadMask } from "./random_masks.ts";
import { riseMethod } from "./rise.ts";
import { givenPlace, givenProbe, rawMapOf } from "./testing.ts";

Deno.test("spreadMask brings a mask to one cell more than the picture, and shifts it", () => {
  // Two cells become six pixels, of whose centres the outer two on each side lie beyond the cells'.
  const plan = { height: 2, width: 4, cells: 2, visible: 0.5 };
  const spreads = (right: number) => {
    const row = new Float32Array(8);
    spreadMask({ grid: Float32Array.of(0, 1, 0, 1), down: 0, right }, plan, row);
    assertEquals(row.slice(4), row.slice(0, 4));
    return row.slice(0, 4);
  };
  assertLess(largestDifference(spreads(0), [0, 0, 1 / 3, 2 / 3]), 1e-6);
  assertLess(largestDifference(spreads(1), [0, 1 / 3, 2 / 3, 1]), 1e-6);
});

Deno.test("drawMask shows as many cells as it is told, and shifts by less than one", () => {
  let state = 1;
  const random = () => (state = state * 16807 % 2147483647) / 2147483647;
  const plan = { height: 20, width: 31, cells: 10, visible: 0.3 };
  const masks = Array.from({ length: 50 }, () => drawMask(plan, random));
  const seen = masks.flatMap(({ grid }) => [...grid]).reduce((a, b) => a + b) / 5000;
  assertAlmostEquals(seen, 0.3, 0.03);
  assertEquals(Math.max(...masks.map(({ down }) => down)), 1);
  assertEquals(Math.max(...masks.map(({ right }) => right)), 3);
});

Deno.test("riseMethod", async (t) => {
  await selectBackend({ backend: "cpu" });
  await leavingNoTensors(async () => {
    const x = tf.tensor4d([[[[1], [2], [3]], [[4], [5], [6]]]]); // [1, 2, 3, 1]
    const black = tf.zerosLike(x);
    const probe = (value: (batch: Tensor4D) => tf.Tensor, settings: object) =>
      givenProbe({
        picture: givenPlace({ activation: x, value }),
        baselines: { black },
        settings: { ...settings },
      });
    const sum = (batch: Tensor4D) => batch.sum([1, 2, 3]);

    await t.step("gives the score itself where all is seen", async () => {
      const map = await rawMapOf(riseMethod, probe(sum, { samples: 4, visible: 1 }));
      assertEquals(map, { shape: [2, 3], data: Array(6).fill(21) });
    });

    await t.step("divides by how much is seen", async () => {
      // One cell: each mask shows all, or nothing with a score of 0.
      const settings = { samples: 8, cells: 1, visible: 0.5 };
      const random = probe(sum, {}).random("masks");
      const plan = { height: 2, width: 3, cells: 1, visible: 0.5 };
      const shown = Array.from({ length: 8 }, () => drawMask(plan, random).grid[0]!).reduce((a, b) => a + b);
      assertGreater(shown, 0);
      const map = await rawMapOf(riseMethod, probe(sum, settings));
      assertEquals(map.data, Array(6).fill(21 * shown / (0.5 * 8)));
    });

    await t.step("finds the pixel that matters", async () => {
      const last = (batch: Tensor4D) => batch.slice([0, 1, 2, 0], [-1, 1, 1, 1]).reshape([-1]);
      const { data } = await rawMapOf(riseMethod, probe(last, { samples: 400, cells: 3 }));
      assertEquals(data.indexOf(Math.max(...data)), 5);
    });

    await t.step("gives zeros where nothing is seen", async () => {
      const map = await rawMapOf(riseMethod, probe(sum, { samples: 4, visible: 0 }));
      assertEquals(map.data, Array(6).fill(0));
    });
    tf.dispose([x, black]);
  });
});
