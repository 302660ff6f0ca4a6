import * as tf from "@tensorflow/tfjs";
import { assertEquals } from "@std/assert";
import { leavingNoTensors, testedBackends, tryBackend } from "../src/testing/mod.ts";
import { rectifiedGradient } from "./rectified_gradient.ts";

Deno.test("rectifiedGradient() lets through what a rectifier did", async (t) => {
  const output = [0, 1, 6, 0, 5.5, 2]; // [1, 1, 3, 2]
  const gradient = [1, 2, 3, 4, -5, 6, 10, 20, 30, 40, 50, 60]; // [2, 1, 3, 2]
  const cases: [string, { max?: number; scale?: [number, number] }, number[]][] = [
    ["relu", {}, [0, 2, 3, 0, -5, 6, 0, 20, 30, 0, 50, 60]],
    ["relu6", { max: 6 }, [0, 2, 0, 0, -5, 6, 0, 20, 0, 0, 50, 60]],
    ["relu6, scaled", { max: 6, scale: [2, -1] }, [0, -2, 0, 0, -10, -6, 0, -20, 0, 0, 100, -60]],
  ];
  for (const backend of testedBackends) {
    const why = await tryBackend(backend);
    for (const [name, { max, scale }, expected] of cases) {
      await t.step(`${name}, ${backend}`, async () => {
        if (why) return console.log(why);
        await leavingNoTensors(async () => {
          const result = tf.tidy(() =>
            rectifiedGradient(tf.tensor4d(gradient, [2, 1, 3, 2]), {
              output: tf.tensor4d(output, [1, 1, 3, 2]),
              max,
              scale: scale && tf.tensor1d(scale),
            })
          );
          assertEquals(result.shape, [2, 1, 3, 2]);
          assertEquals([...await result.data()].map((value) => value + 0), expected); // no −0
          result.dispose();
        });
      });
    }
  }
});
