import { assert, assertEquals, assertStringIncludes } from "@std/assert";
import { colormaps } from "../../draw/colormaps/mod.ts";
import { renderings } from "../../draw/renderings/mod.ts";
import { fitModes } from "../../input/image/window.ts";
import { preprocessings } from "../../input/preprocess.ts";
import { methods } from "../../methods/mod.ts";
import { loadModel } from "../../formats/mod.ts";
import { buildManyWays } from "../../testing/tiny_model.ts";
import { withService } from "../testing.ts";

Deno.test("the routes of models say what each takes and gives", async () => {
  const other = buildManyWays();
  const models = {
    first: { model: await loadModel(other) },
    "second-2.0": { model: await loadModel(other) },
  };
  await withService({ models, defaults: { inputs: { age: 1 } } }, async ({ ask }) => {
    const get = async (path: string) => await (await ask(path)).json();
    assertEquals(
      (await get("/v1/models")).models.map(({ id, default: usual }: Record<string, unknown>) => [id, usual]),
      [
        ["first", true],
        ["second-2.0", false],
      ],
    );
    const model = await get("/v1/models/second-2.0");
    assertEquals([model.id, model.labels], ["second-2.0", null]);
    assertEquals(
      model.inputs.map((
        { name, picture, explained, given }: Record<string, unknown>,
      ) => [name, picture, explained, given]),
      [["age", false, false, true], ["photo", true, true, false]],
    );
    const { default: usual, suggested, layers } = await get("/v1/models/first/layers");
    const paths = layers.map(({ path }: { path: string }) => path);
    assertEquals([usual, suggested[0]], [model.default, model.default]);
    assert(suggested.length >= 1 && suggested.every((path: string) => paths.includes(path)));
    const none = await ask("/v1/models/secnd-2.0");
    const { code, detail } = await none.json();
    assertEquals([none.status, code], [404, "model-not-found"]);
    assertStringIncludes(detail, 'Cannot find model "secnd-2.0": the models are second-2.0, first');
    const long = await (await ask(`/v1/models/${"x".repeat(50_000)}`)).text();
    assert(long.length < 1000);
  });
  other.dispose();
});

Deno.test("v1MethodsRoute lists the registries", async () => {
  await withService({}, async ({ ask }) => {
    const listed = await (await ask("/v1/methods")).json();
    const names = (entries: readonly { name: string }[]) => entries.map(({ name }) => name);
    assertEquals(names(listed.methods), names(methods));
    assertEquals(names(listed.renderings), names(renderings));
    assertEquals(names(listed.colormaps), names(colormaps));
    assertEquals(names(listed.fits), [...fitModes]);
    assertEquals(names(listed.preprocessings), Object.keys(preprocessings));
  });
});
