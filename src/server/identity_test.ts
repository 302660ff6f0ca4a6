import { assertEquals, assertStringIncludes } from "@std/assert";
import { selectBackend } from "../../backends/mod.ts";
import { testdata } from "../testing/mod.ts";
import { writeTinyModel } from "../testing/tiny_model.ts";
import { createHandler } from "./mod.ts";

const photo = await Deno.readFile(new URL("images/plain.png", testdata));

Deno.test("createHandler() opens its model with the layers passed over that it is told of", async () => {
  await selectBackend({ backend: "cpu" });
  const folder = await Deno.makeTempDir();
  try {
    const more = [{ class_name: "Custom>Wobble", config: { name: "wobble" } }];
    const given = {
      model: await writeTinyModel(folder, { more }),
      preprocess: "unit",
      backend: "cpu",
    } as const;
    const errors: string[] = [];
    const ask = (identity?: string[]) =>
      createHandler({
        ...given,
        ...(identity && { identity }),
        onError: (error) => errors.push(String(error)),
      })(
        new Request("http://localhost/explain?format=json", { method: "POST", body: photo }),
      );
    const refused = await ask();
    assertEquals(refused.status, 500);
    await refused.body?.cancel();
    assertStringIncludes(errors[0] ?? "", 'layer "wobble" is a "Wobble"');
    const { layer } = await (await ask(["Wobble"])).json();
    assertEquals(layer, "wobble");
  } finally {
    await Deno.remove(folder, { recursive: true });
  }
});
