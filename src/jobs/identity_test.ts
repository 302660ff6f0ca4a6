import { assertEquals } from "@std/assert";
import { selectBackend } from "../../backends/mod.ts";
import { leavingNoTensors, testdata } from "../testing/mod.ts";
import { writeTinyModel } from "../testing/tiny_model.ts";
import { explainAll } from "./explain_all.ts";

Deno.test("explainAll() opens its model with the layers passed over that it is told of", async (t) => {
  await selectBackend({ backend: "cpu" });
  const folder = await Deno.makeTempDir();
  try {
    const more = [{ class_name: "Custom>Wobble", config: { name: "wobble" } }];
    const model = await writeTinyModel(folder, { more });
    const photos = ["plain.png", "grey.png"].map((name) => new URL(`images/${name}`, testdata));
    for (const jobs of [1, 2]) {
      await t.step(`${jobs} jobs`, () =>
        leavingNoTensors(async () => {
          const options = { model, jobs, identity: ["Wobble"], preprocess: "unit" } as const;
          for await (const { explanation, error } of explainAll(photos, options)) {
            assertEquals([error, explanation?.layer, explanation?.warnings], [undefined, "wobble", []]);
          }
        }));
    }
  } finally {
    await Deno.remove(folder, { recursive: true });
  }
});
