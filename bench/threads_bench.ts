/**
 * What threads are worth: one 3×3 convolution, `[1, 56, 56, 64]` to 64 channels, by the number of threads.
 *
 * @module
 */
import * as tf from "@tensorflow/tfjs";
import { selectBackend } from "../backends/mod.ts";

for (let threads = 1; threads <= navigator.hardwareConcurrency; threads *= 2) {
  Deno.bench({
    name: `${threads} thread${threads === 1 ? "" : "s"}`,
    group: "3×3 convolution",
    baseline: threads === 1,
    n: 200,
    warmup: 20,
    async fn(bench) {
      await selectBackend({ backend: "wasm", threads });
      const x = tf.ones<tf.Rank.R4>([1, 56, 56, 64]);
      const filter = tf.ones<tf.Rank.R4>([3, 3, 64, 64]);
      bench.start();
      const y = tf.conv2d(x, filter, 1, "same");
      await y.data();
      bench.end();
      tf.dispose([x, filter, y]);
    },
  });
}
