import * as tf from "@tensorflow/tfjs";
import { assertAlmostEquals, assertEquals, assertRejects } from "@std/assert";
import { selectBackend } from "../../backends/mod.ts";
import { loadModel } from "../formats/mod.ts";
import { leavingNoTensors, testdata } from "../testing/mod.ts";
import { gradcam } from "./gradcam.ts";

Deno.test("augment gives the mean of the maps of a photo, flipped, paler and stronger", async () => {
  await selectBackend({ backend: "cpu" });
  const model = await loadModel(new URL("zoo/residual/layers/", testdata));
  const [, height, width, channels] = model.inputs[0]!.shape as readonly number[];
  await leavingNoTensors(async () => {
    const x = tf.randomUniform([1, height!, width!, channels!], 0, 1, "float32", 3) as tf.Tensor4D;
    const how = { method: ["gradcam", "layercam"], top: 2 } as const;
    const progress: number[][] = [];
    const onProgress = ({ done, total }: { done: number; total: number }) => progress.push([done, total]);
    const explanation = await gradcam(model, x, { ...how, augment: true, onProgress });
    const sums = explanation.maps.map(({ raw }) => new Float64Array(raw.data.length));
    const classIndex = [...new Set(explanation.maps.map((map) => map.classIndex))];
    for (const flipped of [false, true]) {
      for (const factor of [1, 0.9, 1.1]) {
        const changed = tf.tidy(() => (flipped ? tf.reverse(x, 2) : x).mul(factor)) as tf.Tensor4D;
        const { maps } = await gradcam(model, changed, { ...how, top: undefined, classIndex });
        changed.dispose();
        maps.forEach(({ heatmap: { data, width } }, index) =>
          data.forEach((value, at) => {
            const column = at % width;
            const place = flipped ? at - column + width - 1 - column : at;
            sums[index]![place]! += value / 6;
          })
        );
      }
    }
    x.dispose();
    explanation.maps.forEach(({ raw }, index) =>
      raw.data.forEach((value, at) => assertAlmostEquals(value, sums[index]![at]!, 1e-5))
    );
    const [, total] = progress[0]!;
    assertEquals(progress.every(([, all]) => all === total), true, "the end does not move");
    assertEquals(progress.at(-1), [total, total]);
  });
  model.dispose();
});

Deno.test("augment can be interrupted, and leaves nothing behind", async () => {
  await selectBackend({ backend: "cpu" });
  const model = await loadModel(new URL("zoo/residual/layers/", testdata));
  const [, height, width, channels] = model.inputs[0]!.shape as readonly number[];
  await leavingNoTensors(async () => {
    const x = tf.zeros([1, height!, width!, channels!]) as tf.Tensor4D;
    const stop = new AbortController();
    const onProgress = ({ done }: { done: number }) => {
      if (done === 3) stop.abort(new Error("enough"));
    };
    await assertRejects(
      () => gradcam(model, x, { augment: true, signal: stop.signal, onProgress }),
      Error,
      "enough",
    );
    x.dispose();
  });
  model.dispose();
});
