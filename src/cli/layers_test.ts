import { assertEquals, assertMatch } from "@std/assert";
import { leavingNoTensors } from "../testing.ts";
import { runMain, withTempDir } from "./testing.ts";
import { writeTinyModel } from "../testing_model.ts";

Deno.test("layersCommand lists where a map can be taken", async () => {
  await withTempDir(async (folder) => {
    const model = await writeTinyModel(folder);
    const { code, stdout, stderr } = await leavingNoTensors(() => runMain(["layers", model]));
    assertEquals([code, stderr.text], [0, ""]);
    assertMatch(stdout.text, /^LAYER +KIND +OUTPUT +STRIDE +PARAMETERS +MAP\n/);
    assertMatch(stdout.text, /\nfeatures +Conv2D +8 × 6 × 2 +1 +56 +default\n/);
    assertMatch(stdout.text, /\nscores +Dense +3 +9\n$/);
  });
});

Deno.test("layersCommand prints JSON", async () => {
  await withTempDir(async (folder) => {
    const model = await writeTinyModel(folder);
    const { code, stdout } = await runMain(["layers", "-m", model, "--json"]);
    assertEquals(code, 0);
    const { format, layers } = JSON.parse(stdout.text);
    assertEquals(format, "tfjs-layers");
    const features = layers.find(({ path }: { path: string }) => path === "features");
    assertEquals([features.outputShape, features.spatial, features.isDefault], [[null, 8, 6, 2], true, true]);
    assertEquals(layers.at(-1).spatial, false);
  });
});

Deno.test("layersCommand warns of a model without a map", async () => {
  await withTempDir(async (folder) => {
    const model = await writeTinyModel(folder, { spatial: false });
    const { code, stderr } = await leavingNoTensors(() => runMain(["layers", model]));
    assertEquals(code, 0);
    assertEquals(stderr.text, "warning: No layer has a 4-D output: no map can be taken\n");
  });
});
