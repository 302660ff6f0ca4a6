import { assert, assertEquals } from "@std/assert";
import { selectBackend } from "../../../backends/mod.ts";
import { loadModel } from "../../formats/mod.ts";
import { exists, leavingNoTensors, testedBackends, tryBackend } from "../../testing/mod.ts";
import { networksOf, zoo } from "../testing.ts";
import { publishedNetworks, readKnownNetworks, shared } from "./testing.ts";

Deno.test("pixelEvidence() tells how networks see pixels, on every backend", async (t) => {
  for (const backend of testedBackends) {
    const reason = await tryBackend(backend);
    await t.step({
      name: `${backend}${reason === undefined ? "" : `: ${reason}`}`,
      ignore: reason !== undefined,
      fn: async (t) => {
        for (const { name, location, preprocessing, source } of await readKnownNetworks()) {
          await t.step(name, () =>
            leavingNoTensors(async () => {
              const model = await loadModel(location);
              const [best] = await model.pixelEvidence();
              assertEquals([model.preprocessing?.name, best!.source], [preprocessing, source]);
              assert(best!.margin > 10, `A margin of ${best!.margin}`);
              model.dispose();
            }));
        }
      },
    });
  }
});

Deno.test("pixelEvidence() believes no batch norm that holds random numbers", async (t) => {
  await selectBackend({ backend: "wasm" });
  let asked = 0;
  for (const name of networksOf(zoo)) {
    const location = new URL(`${name}/keras3.keras`, zoo);
    if (!await exists(location)) continue;
    await t.step(name, async () => {
      using model = await loadModel(location);
      const found = (await model.pixelEvidence()).find(({ source }) => source === "batch-norm");
      if (!found) return;
      asked++;
      assertEquals(found.isSure, false, `${found.preprocessing.name}, ${found.margin} times nearer`);
    });
  }
  assert(asked > 8, `${asked} have a batch norm near the pixels`);
});

Deno.test({
  name: "pixelEvidence() tells how published networks see pixels, also without the files beside them",
  ignore: !await exists(shared),
  fn: async (t) => {
    await selectBackend({ backend: "wasm" });
    for (const { name, location, preprocessing } of publishedNetworks) {
      await t.step(name, async () => {
        using model = await loadModel(location);
        assertEquals(model.preprocessing?.name, preprocessing);
      });
    }
    await t.step("the embedded one", async () => {
      using model = await loadModel();
      const [told, measured] = await model.pixelEvidence({ all: true });
      assertEquals([told!.source, measured!.source], ["told", "batch-norm"]);
      assertEquals(measured!.preprocessing.name, "tf"); // (v − 127) / 128
    });
    await t.step("Teachable Machine's without its record", async () => {
      const content = await Deno.readFile(new URL("models/tm_waste_h5/keras_model.h5", shared));
      using model = await loadModel(content);
      assertEquals([model.preprocessing?.name, model.preprocessing?.fit], ["teachable-machine", "crop"]);
    });
  },
});
