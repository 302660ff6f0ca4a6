/** Maps are the same on any number of threads. */
import { assertEquals, assertNotEquals } from "@std/assert";
import { selectBackend } from "../../backends/mod.ts";
import type { Heatmap } from "../base/heatmap.ts";
import { loadModel } from "../formats/mod.ts";
import { leavingNoTensors } from "../testing/mod.ts";
import { gradcam } from "./gradcam.ts";

const photos = ["chelsea.png", "coffee.png"].map((name) =>
  new URL(`../../testdata/photos/${name}`, import.meta.url)
);

/** A layer within, from which the way back is long. */
const layers = [undefined, "block5_depthwise_relu"];

Deno.test("gradcam() gives the same map to the last bit on any number of threads, two photos at once", async () => {
  const onOneThread: Heatmap[] = [];
  for (const threads of [1, 2, 3]) {
    await selectBackend({ backend: "wasm", threads });
    const maps = await leavingNoTensors(async () => {
      const models = await Promise.all([loadModel(), loadModel()]);
      const asked = layers.flatMap((layer) =>
        photos.map((photo, index) => ({ layer, photo, model: models[index]! }))
      );
      const made = await Promise.all(asked.map(async ({ layer, photo, model }) => {
        const { maps: [map] } = await gradcam(model, photo, layer === undefined ? {} : { layer });
        return map!.raw;
      }));
      for (const model of models) model.dispose();
      return made;
    });
    if (threads === 1) onOneThread.push(...maps);
    else assertEquals(maps, onOneThread, `${threads} threads`);
    assertNotEquals(maps[0], maps[1]);
  }
});
