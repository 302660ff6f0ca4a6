import { assertEquals, assertThrows } from "@std/assert";
import { selectBackend } from "../../backends/mod.ts";
import { LayerNotFoundError } from "../errors.ts";
import { loadModel } from "../formats/mod.ts";
import { GradCAM } from "../gradcam_class.ts";
import { leavingNoTensors, testdata } from "../testing.ts";
import { buildManyWays } from "../testing_model.ts";
import { findDefaultLayer, splitAt } from "./default_layer.ts";

Deno.test("splitAt() takes the last layer that leads to the output", async (t) => {
  await selectBackend({ backend: "cpu" });
  await leavingNoTensors(async () => {
    const held = buildManyWays();
    const model = await loadModel(held);
    const passed = 'Passed over "mask", which does not lead to output "unit", for "features"';
    const cases:
      readonly (readonly [string, number | string | undefined, string | undefined, string, string[]])[] = [
        ["the first output", undefined, undefined, "features", [passed]],
        ["by name", "unit", undefined, "features", [passed]],
        ["the other", "mask", undefined, "mask", []],
        ["a layer that was named", "unit", "half", "half", []],
      ];
    for (const [name, output, layer, expected, warnings] of cases) {
      await t.step(name, () => {
        const split = splitAt(model, layer, output === undefined ? {} : { output });
        assertEquals([split.layer, split.warnings], [expected, warnings]);
        assertEquals(split.connected, name !== "a layer that was named");
      });
    }
    assertEquals(findDefaultLayer(model), "features");
    assertEquals(new GradCAM(model, { output: "mask" }).findOutputLayer(), "mask");
    assertThrows(() => splitAt(model, "haf"), LayerNotFoundError, "half");
    assertThrows(() => splitAt(model, undefined, { output: "maks" }), RangeError, "mask");
    held.dispose();
  });
});

Deno.test("findDefaultLayer() finds none where there is none", async () => {
  const model = await loadModel(new URL("zoo/no_4d/layers/", testdata));
  assertEquals(findDefaultLayer(model), undefined);
  model.dispose();
});
