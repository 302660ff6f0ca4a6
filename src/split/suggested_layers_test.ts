import { assertEquals } from "@std/assert";
import { selectBackend } from "../../backends/mod.ts";
import { loadModel } from "../formats/mod.ts";
import { leavingNoTensors } from "../testing/mod.ts";
import { suggestLayers } from "./suggested_layers.ts";

Deno.test("suggestLayers() gives the last layer of each resolution, finest last", async () => {
  await selectBackend({ backend: "cpu" });
  await leavingNoTensors(async () => {
    const model = await loadModel();
    const suggested = suggestLayers(model);
    const sizes = suggested.map((path) => model.layers.find((layer) => layer.path === path)!.outputShape[1]);
    assertEquals([suggested[0], sizes], ["head_relu", [7, 14, 28, 56]]);
    model.dispose();
  });
});
