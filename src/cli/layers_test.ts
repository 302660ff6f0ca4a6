import { assertEquals, assertMatch } from "@std/assert";
import { leavingNoTensors, testdata } from "../testing/mod.ts";
import { runMain, withTempDir } from "./testing.ts";
import { graphOfTwoInputs, writeTinyModel } from "../testing/tiny_model.ts";

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

Deno.test("layersCommand lists strides, of graphs too", async (t) => {
  const zoo = new URL("zoo/", testdata).pathname;
  const cases: readonly (readonly [string, RegExp])[] = [
    [`${zoo}grey_input/layers`, /^second_conv +Conv2D +13 × 5 × 5 +2 × 4 +180 +yes$/m],
    [`${zoo}grey_input/graph`, /\/second_relu\/Relu +_FusedConv2D +13 × 5 × 5 +2 × 4 +default$/m],
    [`${zoo}nested/layers`, /^backbone\/half +MaxPooling2D +4 × 6 × 5 +4 +0 +yes$/m],
    [`${zoo}dilated/graph`, /\/conv2\/Conv2D\/SpaceToBatchND +SpaceToBatchND +6 × 8 × 4$/m], // in pieces: no map
  ];
  for (const [model, line] of cases) {
    await t.step(model.slice(zoo.length), async () => {
      const { code, stdout, stderr } = await leavingNoTensors(() => runMain(["layers", model]));
      assertEquals([code, stderr.text], [0, ""]);
      assertMatch(stdout.text, line);
    });
  }
});

Deno.test("layersCommand says at which size it looked at a graph that takes any", async () => {
  await withTempDir(async (folder) => {
    const { weightSpecs, weightData, ...graph } = graphOfTwoInputs("DT_FLOAT");
    const weightsManifest = [{ paths: ["weights.bin"], weights: weightSpecs }];
    await Deno.writeTextFile(`${folder}/model.json`, JSON.stringify({ ...graph, weightsManifest }));
    await Deno.writeFile(`${folder}/weights.bin`, new Uint8Array(weightData as ArrayBuffer));
    const { code, stdout, stderr } = await leavingNoTensors(() => runMain(["layers", folder]));
    assertEquals(code, 0);
    assertEquals(stderr.text, "note: The model takes any size: the sizes listed are those for 224 × 224\n");
    assertMatch(stdout.text, /^relu +Relu +224 × 224 × 1 +1 +default$/m);
  });
});
