/**
 * Real models from elsewhere against the reference's raw maps. They are not part of the project: the test runs
 * where the folder `../shared/data` lies beside the checkout, and is skipped elsewhere.
 */
import * as tf from "@tensorflow/tfjs";
import { assertEquals, assertLessOrEqual } from "@std/assert";
import { selectBackend } from "../../backends/mod.ts";
import { loadModel } from "../formats/mod.ts";
import { gradcam } from "../gradcam.ts";
import { exists, largestDifference, largestMagnitude, leavingNoTensors, readFloats } from "../testing.ts";

/** One map of the reference. */
interface ReferenceMap {
  readonly layer: string;
  readonly input_shape: [number, number, number, number];
  readonly class: number;
  readonly shape: [number, number];
  readonly raw: number[];
}

const data = new URL("../../../shared/data/", import.meta.url);
const networks = ["mobilenet_v1_025_224", "darknet_tiny"];

/** Folders of one network, as layers model and as graph model. */
const forms = (network: string): string[] => [`models/${network}/`, `models/derived/${network}_graph/`];

Deno.test({
  name: "split() agrees with the reference on models of others",
  ignore: !await exists(new URL("reference/cam/", data)),
  async fn(t) {
    await selectBackend({ backend: "wasm" });
    const names = Array.from(Deno.readDirSync(new URL("reference/cam/", data)), ({ name }) => name);
    for (const network of networks) {
      const maps = names.filter((name) => name.startsWith(network) && name.endsWith(".json")).sort();
      assertEquals(maps.length >= 3, true, `There are maps of ${network}`);
      for (const form of forms(network)) {
        const model = await loadModel(new URL(form, data));
        for (const name of maps) {
          await t.step(`${form} ${name}`, () =>
            leavingNoTensors(async () => {
              const reference: ReferenceMap = JSON.parse(
                await Deno.readTextFile(new URL(`reference/cam/${name}`, data)),
              );
              const values = await readFloats(
                new URL(`reference/cam/${name.replace(".json", ".input.f32")}`, data),
              );
              const x = tf.tensor4d(values, reference.input_shape);
              const { maps: [map] } = await gradcam(model, x, {
                layer: reference.layer,
                classIndex: reference.class,
                score: name.includes("_LOGIT") ? "logit" : "output",
              });
              x.dispose();
              assertEquals([map!.raw.height, map!.raw.width], reference.shape);
              const difference = largestDifference(map!.raw.data, reference.raw);
              assertLessOrEqual(difference / largestMagnitude(reference.raw), 1e-4);
            }));
        }
        model.dispose();
      }
    }
  },
});
