/**
 * What threads are worth: one 3×3 convolution, `[1, 56, 56, 64]` to 64 channels, and a heatmap, by their number.
 *
 * @module
 */
import * as tf from "@tensorflow/tfjs";
import { selectBackend } from "../backends/mod.ts";
import { loadModel } from "../src/formats/mod.ts";
import { gradcam } from "../src/explain/gradcam.ts";
import { counted, photoTensor, threadCounts } from "./setup.ts";

for (const threads of await threadCounts()) {
  Deno.bench({
    name: counted(threads, "thread"),
    group: "3×3 convolution, by threads",
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
  Deno.bench({
    name: counted(threads, "thread"),
    group: "heatmap, default layer, by threads",
    baseline: threads === 1,
    n: 30,
    warmup: 3,
    async fn(bench) {
      await selectBackend({ backend: "wasm", threads });
      const model = await loadModel();
      const x = photoTensor();
      await gradcam(model, x); // the first packs the weights
      bench.start();
      await gradcam(model, x);
      bench.end();
      x.dispose();
      model.dispose();
    },
  });
}
