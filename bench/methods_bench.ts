/**
 * Every CAM method of the registry on the embedded model, at the default layer and at an inner one.
 *
 * @module
 */
import { selectBackend } from "../backends/mod.ts";
import { loadModel } from "../src/formats/mod.ts";
import { gradcam } from "../src/explain/gradcam.ts";
import { methods } from "../src/methods/mod.ts";
import { photoTensor } from "./setup.ts";

for (const { name } of methods) {
  for (const layer of [undefined, "block10_add"]) {
    Deno.bench({
      name,
      group: `methods, ${layer ?? "default layer"}`,
      baseline: name === methods[0]!.name,
      n: 10,
      warmup: 2,
      async fn(bench) {
        await selectBackend({ backend: "wasm" });
        const model = await loadModel();
        const x = photoTensor();
        await gradcam(model, x, { method: name, layer });
        bench.start();
        await gradcam(model, x, { method: name, layer });
        bench.end();
        x.dispose();
        model.dispose();
      },
    });
  }
}
