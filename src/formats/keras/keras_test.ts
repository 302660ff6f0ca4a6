/** What Keras files are known by; that all open and are right is tested in `src/split/`. */
import { assertEquals } from "@std/assert";
import { loadModel } from "../mod.ts";
import { zoo } from "../../split/testing.ts";
import { tryBackend } from "../../testing/mod.ts";

Deno.test("loadModel() knows Keras files by their content", async () => {
  await tryBackend("cpu");
  const bytes = await Deno.readFile(new URL("transfer/keras3.keras", zoo));
  const model = await loadModel(bytes);
  assertEquals([model.format, model.split().layer], ["keras-zip", "sep"]);
  assertEquals(model.layers.map(({ path }) => path).slice(1, 6), [
    "backbone/conv",
    "backbone/bn",
    "backbone/relu",
    "backbone/dw",
    "backbone",
  ]);
  model.dispose();
});
