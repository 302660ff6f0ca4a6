/**
 * Real models from elsewhere against the reference's raw maps. They are not part of the project: the test runs
 * where the folder `../shared/data` lies beside the checkout, and is skipped elsewhere.
 */
import * as tf from "@tensorflow/tfjs";
import { assertEquals, assertLessOrEqual } from "@std/assert";
import type { BackendName } from "../../backends/mod.ts";
import { loadModel } from "../formats/mod.ts";
import { gradcam } from "../gradcam.ts";
import type { ExplainableModel } from "./mod.ts";
import {
  exists,
  largestDifference,
  largestMagnitude,
  leavingNoTensors,
  readFloats,
  testedBackends,
  tryBackend,
} from "../testing.ts";

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

/** The forms that a network comes in, and the folder of each. */
const forms = {
  layers: (network: string): string => `models/${network}/`,
  graph: (network: string): string => `models/derived/${network}_graph/`,
};

/**
 * The largest difference, as a part of the map's largest value. Where the converter has folded batch norms with large
 * gains into the filters, as in MobileNet's last depthwise convolution, the order in which a backend adds in single
 * precision shows: XNNPACK, which begins with the bias, strays by 1.65e-4 where WebGPU strays by 3e-6.
 */
function toleranceOf(form: keyof typeof forms, backend: BackendName): number {
  return form === "graph" && backend === "wasm" ? 2e-4 : 1e-4;
}

async function checkMap(model: ExplainableModel, name: string, tolerance: number): Promise<void> {
  const reference: ReferenceMap = JSON.parse(await Deno.readTextFile(new URL(`reference/cam/${name}`, data)));
  const values = await readFloats(new URL(`reference/cam/${name.replace(".json", ".input.f32")}`, data));
  const x = tf.tensor4d(values, reference.input_shape);
  const { maps: [map] } = await gradcam(model, x, {
    layer: reference.layer,
    classIndex: reference.class,
    score: name.includes("_LOGIT") ? "logit" : "output",
  });
  x.dispose();
  assertEquals([map!.raw.height, map!.raw.width], reference.shape);
  const difference = largestDifference(map!.raw.data, reference.raw);
  assertLessOrEqual(difference / largestMagnitude(reference.raw), tolerance);
}

Deno.test({
  name: "split() agrees with the reference on models of others",
  ignore: !await exists(new URL("reference/cam/", data)),
  async fn(t) {
    const names = Array.from(Deno.readDirSync(new URL("reference/cam/", data)), ({ name }) => name);
    for (const backend of testedBackends) {
      const missing = await tryBackend(backend);
      if (missing !== undefined) {
        await t.step({ name: missing, ignore: true, fn: () => {} });
        continue;
      }
      for (const network of networks) {
        const maps = names.filter((name) => name.startsWith(network) && name.endsWith(".json")).sort();
        assertEquals(maps.length >= 3, true, `There are maps of ${network}`);
        for (const form of ["layers", "graph"] as const) {
          const model = await loadModel(new URL(forms[form](network), data));
          for (const name of maps) {
            await t.step(
              `${form} ${name} on ${backend}`,
              () => leavingNoTensors(() => checkMap(model, name, toleranceOf(form, backend))),
            );
          }
          model.dispose();
        }
      }
    }
  },
});
