/**
 * Open what `tools/make_keras_applications.py` made, and print how far our scores are from Keras's.
 *
 *     deno run --allow-all tools/check_keras_applications.ts FOLDER
 *
 * @module
 */
import * as tf from "@tensorflow/tfjs";
import { selectBackend } from "../backends/mod.ts";
import { loadModel } from "../src/formats/mod.ts";
import { gradcam } from "../src/explain/gradcam.ts";
import { largestDifference, readFloats } from "../src/testing/mod.ts";

const folder = new URL(`file://${await Deno.realPath(Deno.args[0] ?? ".")}/`);
const files = Array.from(Deno.readDirSync(folder), ({ name }) => name)
  .filter((name) => /\.k\d\.(keras|h5)$/.test(name)).sort();

await selectBackend({ backend: "wasm" });
let failures = 0;
for (const file of files) {
  const [network, version] = file.split(".") as [string, string];
  try {
    const start = performance.now();
    const model = await loadModel(new URL(file, folder));
    const opened = performance.now() - start;
    const [, height, width, channels] = model.inputs[0]!.shape as [null, number, number, number];
    const x = tf.tensor4d(await readFloats(new URL(`${network}.input.f32`, folder)), [
      1,
      height,
      width,
      channels,
    ]);
    const scores = model.predict(x);
    const expected = await readFloats(new URL(`${network}.${version}.scores.f32`, folder));
    const difference = largestDifference(await scores.data(), expected);
    const { layer, diagnosis } = await gradcam(model, x);
    if (!(difference <= 1e-4)) failures++;
    console.log(
      [file.padEnd(28), difference.toExponential(1), `${opened.toFixed(0)} ms`, layer, diagnosis].join("  "),
    );
    tf.dispose([x, scores]);
    model.dispose();
  } catch (error) {
    failures++;
    console.log(`${file.padEnd(28)}  ${(error as Error).message}`);
  }
}
console.log(`${files.length - failures} of ${files.length} agree to 1e-4`);
Deno.exit(failures === 0 ? 0 : 1);
