/**
 * One network as Keras's file and as TensorFlow.js's graph model: the forward pass on WebAssembly, at 224 × 224. The
 * repository holds no large network in both forms: `any_size` of the zoo has nine layers, and the four that
 * `deno task bench:peers` makes are measured where they lie in its folder.
 *
 * @module
 */
import * as tf from "@tensorflow/tfjs";
import { selectBackend } from "../backends/mod.ts";
import { loadModel } from "../src/formats/mod.ts";
import { exists, testdata } from "../src/testing/mod.ts";
import { defaultFolder } from "./peers/folder.ts";
import { networks } from "./peers/networks.ts";
import { photoTensor } from "./setup.ts";

const made = new URL(`file://${defaultFolder()}/networks/`);
const zoo = new URL("zoo/any_size/", testdata);
const all = [
  { name: "any_size of the zoo", layers: new URL("keras3.keras", zoo), graph: new URL("graph/", zoo) },
  ...networks.map(({ name }) => ({
    name,
    layers: new URL(`${name}.keras`, made),
    graph: new URL(`${name}.graph/`, made),
  })),
];

for (const { name, ...forms } of all) {
  if (!await exists(forms.layers) || !await exists(forms.graph)) continue;
  for (const [form, file] of Object.entries(forms)) {
    Deno.bench({
      name: `${form} model`,
      group: `forward pass, ${name}`,
      baseline: form === "graph",
      n: 20,
      warmup: 3,
      async fn(bench) {
        await selectBackend({ backend: "wasm" });
        const model = await loadModel(file);
        const x = photoTensor();
        tf.dispose(model.predict(x));
        bench.start();
        const scores = model.predict(x);
        await scores.data();
        bench.end();
        tf.dispose([x, scores]);
        model.dispose();
      },
    });
  }
}
