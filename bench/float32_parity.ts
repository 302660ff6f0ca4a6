/**
 * The embedded network with float32 weights against AUCMEDI's maps of it: the arithmetic without the rounding of the
 * shipped float16 weights. The weights are made by `tools/make_efficientnet_lite0.py --float32 --out FOLDER`;
 * the goldens are `NAME.f32`, the input `[1, 224, 224, 3]`, and `NAME.LAYER.cam`, the map, both little-endian
 * float32. Run it with `deno task parity:float32 MODEL [GOLDENS]`.
 *
 * @module
 */
import * as tf from "@tensorflow/tfjs";
import { selectBackend } from "../backends/mod.ts";
import { loadModel } from "../src/formats/mod.ts";
import { gradcam } from "../src/explain/gradcam.ts";
import { largestDifference, readFloats } from "../src/testing/mod.ts";
import { availableBackends, backendLabel, parityLayers, parityTolerance } from "./parity.ts";

const photos = [{ name: "chelsea", classIndex: 285 }, { name: "coffee", classIndex: 967 }];

const [modelPath, goldensPath = "../shared/data/goldens"] = Deno.args;
if (modelPath === undefined) {
  console.error("Usage: deno task parity:float32 MODEL [GOLDENS]");
  Deno.exit(2);
}
const goldens = new URL(`file://${await Deno.realPath(goldensPath)}/`);
let worst = 0;
for (const wish of await availableBackends()) {
  const label = backendLabel(await selectBackend(wish));
  const model = await loadModel(modelPath);
  for (const { name, classIndex } of photos) {
    const x = tf.tensor4d(await readFloats(new URL(`${name}.f32`, goldens)), [1, 224, 224, 3]);
    for (const layer of parityLayers) {
      const { heatmap } = await gradcam(model, x, { layer, classIndex });
      const expected = await readFloats(new URL(`${name}.${layer}.cam`, goldens));
      const difference = largestDifference(heatmap.data, expected);
      worst = Math.max(worst, difference);
      console.log(`${label.padEnd(20)} ${name.padEnd(8)} ${layer.padEnd(22)} ${difference.toExponential(1)}`);
    }
    x.dispose();
  }
  model.dispose();
}
console.log(`Largest difference of any value: ${worst.toExponential(1)}`);
Deno.exit(worst <= parityTolerance ? 0 : 1);
