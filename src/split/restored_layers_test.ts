import { assertEquals } from "@std/assert";
import { selectBackend } from "../../backends/mod.ts";
import { loadModel } from "../formats/mod.ts";
import { locate, zoo } from "./testing.ts";

Deno.test("split() finds in a graph what the converter put behind a maximum", async (t) => {
  await selectBackend({ backend: "cpu" });
  const model = await loadModel(locate("graph", new URL("maxima/", zoo)));
  const scope = "StatefulPartitionedCall/maxima";
  const size = (layer: string) =>
    model.layers.find(({ path }) => path === model.split(layer).layer)!.outputShape.slice(1, 3);
  const cases: readonly { name: string; layer: string; height: number; width: number; doubtful: boolean }[] =
    [
      { name: "stem", layer: `${scope}/stem`, height: 16, width: 24, doubtful: false },
      { name: "stem_pool", layer: `${scope}/stem_pool`, height: 15, width: 24, doubtful: false },
      { name: "second_pool", layer: `${scope}/second_pool`, height: 7, width: 8, doubtful: false },
      { name: "bare", layer: `${scope}/bare`, height: 7, width: 8, doubtful: false },
      { name: "gate", layer: `${scope}/gate`, height: 6, width: 7, doubtful: true },
      { name: "left", layer: `${scope}/left`, height: 6, width: 7, doubtful: false },
      { name: "joined_relu", layer: `${scope}/joined_relu`, height: 6, width: 7, doubtful: true },
      // Of the other branch the graph has lost the activation's name.
      { name: "right", layer: `${scope}/right`, height: 6, width: 7, doubtful: true },
      // The nodes themselves stay what they are in the file.
      { name: `${scope}/stem/Tanh`, layer: `${scope}/stem/Tanh`, height: 7, width: 8, doubtful: false },
      {
        name: `${scope}/gate/Softplus`,
        layer: `${scope}/gate/Softplus`,
        height: 6,
        width: 7,
        doubtful: false,
      },
    ];
  for (const { name, layer, height, width, doubtful } of cases) {
    await t.step(name, () => {
      const split = model.split(name);
      assertEquals(split.layer, layer);
      assertEquals(size(name), [height, width]);
      const first = layer.split("/").at(-1);
      const doubt = split.warnings.some((warning) =>
        /^The converted graph leaves open whether (layer )?/.test(warning) &&
        warning.includes(`"${scope}/${first}"`)
      );
      assertEquals(doubt, doubtful, split.warnings.join());
    });
  }
  model.dispose();
});
