/**
 * Real models from elsewhere against the reference's raw maps. They are not part of the project: the test runs
 * where the folder `../shared/data` lies beside the checkout, and is skipped elsewhere.
 */
import * as tf from "@tensorflow/tfjs";
import { assertEquals, assertLessOrEqual } from "@std/assert";
import type { BackendName } from "../../backends/mod.ts";
import { loadModel } from "../formats/mod.ts";
import { gradcam } from "../explain/gradcam.ts";
import type { ExplainableModel } from "./model.ts";
import {
  exists,
  largestDifference,
  largestMagnitude,
  leavingNoTensors,
  readFloats,
  testedBackends,
  tryBackend,
} from "../testing/mod.ts";
import { isWhole } from "../testing/whole_matrix.ts";

/** One map of the reference. */
interface ReferenceMap {
  readonly layer: string;
  readonly input_shape: [number, number, number, number];
  readonly class: number;
  readonly shape: [number, number];
  readonly raw: number[];
}

const data = new URL("../../../shared/data/", import.meta.url);
/** The files that the networks come in. */
const files: readonly { readonly network: string; readonly path: string }[] = [
  { network: "mobilenet_v1_025_224", path: "mobilenet_v1_025_224/" },
  { network: "mobilenet_v1_025_224", path: "derived/mobilenet_v1_025_224_graph/" },
  { network: "mobilenet_v1_025_224", path: "derived/mobilenet_v1_025_224_k2.h5" },
  { network: "mobilenet_v1_025_224", path: "derived/mobilenet_v1_025_224_keras3.keras" },
  { network: "mobilenet_v1_025_224", path: "derived/mobilenet_v1_025_224_layers_1shard/" },
  { network: "darknet_tiny", path: "darknet_tiny/" },
  { network: "darknet_tiny", path: "derived/darknet_tiny_layers_1shard/" },
  { network: "darknet_tiny", path: "derived/darknet_tiny_graph/" },
  { network: "darknet_tiny", path: "derived/darknet_tiny_k2.h5" },
  { network: "mnist_tfjs_layers", path: "mnist_tfjs_layers/" },
  { network: "pneumonia_h5", path: "pneumonia_h5/pneumonia_model.h5" },
];

/** The largest difference, as a part of the map's largest value. */
const tolerance = 1e-4;

/**
 * The maps that a file is asked for: all by WebAssembly; elsewhere, where each takes seconds, those of a network are dealt to
 * the files that it comes in, at least one to each.
 */
function mapsFor(path: string, names: readonly string[], backend: BackendName): readonly string[] {
  const { network } = files.find((file) => file.path === path)!;
  const maps = names.filter((name) => name.startsWith(network) && name.endsWith(".json")).sort();
  assertEquals(maps.length >= 2, true, `There are maps of ${network}`);
  if (backend === "wasm" || isWhole) return maps;
  const others = files.filter((file) => file.network === network);
  const own = others.findIndex((file) => file.path === path);
  return maps.filter((_, at) => at % others.length === own || at === own % maps.length);
}

async function checkMap(model: ExplainableModel, name: string): Promise<void> {
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
    const left = names.filter((name) => !files.some(({ network }) => name.startsWith(network)));
    assertEquals(left, [], "There are maps of networks that are not compared");
    for (const backend of testedBackends) {
      const missing = await tryBackend(backend);
      if (missing !== undefined) {
        await t.step({ name: missing, ignore: true, fn: () => {} });
        continue;
      }
      for (const { path } of files) {
        const model = await loadModel(new URL(`models/${path}`, data));
        for (const name of mapsFor(path, names, backend)) {
          await t.step(
            `${path} ${name} on ${backend}`,
            () => leavingNoTensors(() => checkMap(model, name)),
          );
        }
        model.dispose();
      }
    }
  },
});
