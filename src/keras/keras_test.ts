/** Keras files of both versions, in both containers, against Keras's own scores and maps. */
import * as tf from "@tensorflow/tfjs";
import { assert, assertEquals, assertLessOrEqual } from "@std/assert";
import { loadModel } from "../formats/mod.ts";
import { gradcam } from "../gradcam.ts";
import {
  largestDifference,
  largestMagnitude,
  leavingNoTensors,
  testdata,
  testedBackends,
  tryBackend,
} from "../testing.ts";

/** What Keras computed. */
interface Golden {
  readonly input: { readonly shape: [number, number, number, number]; readonly values: number[] };
  readonly scores: number[];
  readonly maps: readonly {
    readonly layer: string;
    readonly shape: [number, number];
    readonly raw: number[];
  }[];
}

const folder = new URL("keras/", testdata);
const files = Array.from(Deno.readDirSync(folder), ({ name }) => name)
  .filter((name) => /\.(keras|h5)$/.test(name)).sort();

for (const backend of testedBackends) {
  Deno.test(`loadModel() opens Keras files with Keras's scores and maps on ${backend}`, async (t) => {
    const reason = await tryBackend(backend);
    if (reason !== undefined) {
      await t.step({ name: `skipped: ${reason}`, ignore: true, fn: () => {} });
      return;
    }
    assert(files.length >= 20, `There are files in ${folder}`);
    const tolerance = backend === "cpu" ? 1e-5 : 1e-4;
    for (const file of files) {
      await t.step(file, () =>
        leavingNoTensors(async () => {
          const golden: Golden = JSON.parse(
            await Deno.readTextFile(new URL(file.replace(/\.\w+$/, ".json"), folder)),
          );
          const model = await loadModel(new URL(file, folder));
          const x = tf.tensor4d(golden.input.values, golden.input.shape);
          const scores = model.predict(x);
          try {
            assertLessOrEqual(largestDifference(await scores.data(), golden.scores), tolerance);
            for (const { layer, shape, raw } of golden.maps) {
              const { maps: [map] } = await gradcam(model, x, { layer, classIndex: 1 });
              assertEquals([map!.raw.height, map!.raw.width], shape, layer);
              const difference = largestDifference(map!.raw.data, raw) / largestMagnitude(raw);
              assertLessOrEqual(difference, tolerance * 10, layer);
            }
          } finally {
            tf.dispose([x, scores]);
            model.dispose();
          }
        }));
    }
  });
}

Deno.test("loadModel() knows Keras files by their content", async () => {
  await tryBackend("cpu");
  const bytes = await Deno.readFile(new URL("nested.k3.keras", folder));
  const model = await loadModel(bytes);
  assertEquals([model.format, model.split().layer], ["keras-zip", "sep"]);
  assertEquals(model.layers.map(({ path }) => path).slice(1, 6), [
    "backbone/conv",
    "backbone/bn",
    "backbone/relu",
    "backbone/dw",
    "backbone",
  ]);
  model.dispose();
});
