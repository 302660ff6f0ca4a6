import { assert, assertEquals } from "@std/assert";
import { selectBackend } from "../../../backends/mod.ts";
import { loadModel } from "../../formats/mod.ts";
import type { EvidenceSource } from "../../input/evidence.ts";
import { exists, leavingNoTensors, testdata, testedBackends, tryBackend } from "../../testing/mod.ts";

/** A network whose way to see pixels is known. */
interface Known {
  readonly name: string;
  readonly preprocessing: string;
  readonly source: EvidenceSource;
}

const folder = new URL("pixels/", testdata);
const { networks }: { networks: readonly Known[] } = JSON.parse(
  await Deno.readTextFile(new URL("index.json", folder)),
);

Deno.test("pixelEvidence() tells how networks see pixels, on every backend", async (t) => {
  for (const backend of testedBackends) {
    const reason = await tryBackend(backend);
    await t.step({
      name: `${backend}${reason === undefined ? "" : `: ${reason}`}`,
      ignore: reason !== undefined,
      fn: async (t) => {
        for (const { name, preprocessing, source } of networks) {
          await t.step(name, () =>
            leavingNoTensors(async () => {
              const model = await loadModel(new URL(`${name}.keras`, folder));
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

/** Published networks; how they were trained is known of whoever published them. */
const published: readonly (readonly [path: string, expected: string])[] = [
  ["models/darknet_tiny/model.json", "unit"],
  ["models/derived/darknet_tiny_k2.h5", "unit"],
  ["models/mobilenet_v1_025_224/model.json", "tf"],
  ["models/derived/mobilenet_v1_025_224_keras3.keras", "tf"],
  ["models/mini_xception_emotion/fer2013_mini_XCEPTION.102-0.66.hdf5", "tf"],
  ["models/mini_xception_emotion/gender_mini_XCEPTION.21-0.95.hdf5", "tf"],
  ["models/rocks/model.json", "teachable-machine"],
  ["models/tm_waste_h5/keras_model.h5", "teachable-machine"],
  ["cases/resnet_preprocess.keras", "none"],
  ["cases/graph_folded_rescaling/model.json", "none"],
  ["cases/ml5_digits/model.json", "ml5"],
];

const shared = new URL("../../../../shared/data/", import.meta.url);

Deno.test({
  name: "pixelEvidence() tells how published networks see pixels, also without the files beside them",
  ignore: !await exists(shared),
  fn: async (t) => {
    await selectBackend({ backend: "wasm" });
    for (const [path, expected] of published) {
      await t.step(path, async () => {
        using model = await loadModel(new URL(path, shared));
        assertEquals(model.preprocessing?.name, expected);
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
