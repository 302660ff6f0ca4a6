/**
 * Every network of testdata/zoo, as layers model and as converted graph, on every backend, against the reference.
 * A new network is one folder there, with no line here.
 */
import * as tf from "@tensorflow/tfjs";
import { assert, assertEquals, assertInstanceOf, assertLessOrEqual, assertThrows } from "@std/assert";
import { LayerNotFoundError } from "../errors.ts";
import { loadModel } from "../formats/mod.ts";
import { gradcam } from "../gradcam.ts";
import {
  largestDifference,
  largestMagnitude,
  leavingNoTensors,
  readFloats,
  testdata,
  testedBackends,
  tryBackend,
} from "../testing.ts";
import type { ExplainableModel, ScoreKind, SplitModel } from "./mod.ts";

/** A map of the reference, as testdata/zoo/README.md describes it. */
interface GoldenMap {
  readonly layer: string;
  readonly graphNode: string | null;
  readonly default: boolean;
  readonly outputName: string;
  readonly classIndex: number;
  readonly scoreKind: ScoreKind;
  readonly score: number;
  readonly height: number;
  readonly width: number;
  readonly raw: readonly number[];
  readonly map: readonly number[];
}

interface Golden {
  readonly name: string;
  readonly inputShape: [number, number, number, number];
  readonly defaultLayer: string | null;
  readonly outputs: readonly { readonly name: string; readonly values: readonly number[] }[];
  readonly maps: readonly GoldenMap[];
}

type Form = "layers" | "graph";

const forms: readonly Form[] = ["layers", "graph"];

const scoreTolerance = 1e-5;
const mapTolerance = 1e-4;

const zoo = new URL("zoo/", testdata);
const networks = Array.from(Deno.readDirSync(zoo)).filter(({ isDirectory }) => isDirectory).map(({ name }) =>
  name
).sort();

async function skip(t: Deno.TestContext, name: string, reason: string): Promise<void> {
  await t.step({ name: `${name} skipped: ${reason}`, ignore: true, fn: () => {} });
}

async function checkOutputs(model: ExplainableModel, x: tf.Tensor4D, golden: Golden): Promise<void> {
  assertEquals(model.outputs.map(({ name }) => name).sort(), golden.outputs.map(({ name }) => name).sort());
  for (const { name, values } of golden.outputs) {
    const scores = model.predict(x, { output: name }); // [1, classes]
    const data = await scores.data();
    scores.dispose();
    assertLessOrEqual(largestDifference(data, values), scoreTolerance, name);
  }
}

function checkDefaultLayer(model: ExplainableModel, form: Form, golden: Golden): void {
  const { defaultLayer, maps } = golden;
  if (defaultLayer === null) {
    assertThrows(() => model.split(), LayerNotFoundError, "Could not find 4D layer. Cannot apply Grad-CAM.");
    return;
  }
  const node = maps.find((map) => map.default)!.graphNode;
  const { layer, warnings } = model.split();
  assertEquals(layer, form === "layers" ? defaultLayer : node);
  const isPassedOver = warnings.some((warning) => warning.startsWith("Passed over"));
  assertEquals(isPassedOver, golden.name === "spatial_tail");
}

async function checkMap(
  model: ExplainableModel,
  x: tf.Tensor4D,
  layer: string,
  golden: GoldenMap,
): Promise<void> {
  const { classIndex, outputName: output, scoreKind: score } = golden;
  const { maps: [map] } = await gradcam(model, x, { layer, classIndex, output, score });
  const { raw, heatmap } = map!;
  assertEquals([raw.height, raw.width], [golden.height, golden.width]);
  assertEquals([heatmap.height, heatmap.width], [golden.height, golden.width]);
  assertLessOrEqual(largestDifference(raw.data, golden.raw) / largestMagnitude(golden.raw), mapTolerance);
  assertLessOrEqual(largestDifference(heatmap.data, golden.map), mapTolerance);
  if (score === "output") assertLessOrEqual(Math.abs(map!.score - golden.score), scoreTolerance);
}

/** A graph asked by a name of Keras takes the node that computes the layer, or says that there is none. */
function checkNodeOf(model: ExplainableModel, { layer, graphNode }: GoldenMap): void {
  let split: SplitModel;
  try {
    split = model.split(layer);
  } catch (error) {
    assertInstanceOf(error, LayerNotFoundError);
    assertEquals(graphNode, null, error.message);
    return;
  }
  const isSaid = split.warnings.some((warning) => warning.startsWith(`The converter fused layer "${layer}"`));
  if (graphNode === null) assert(isSaid, `"${split.layer}" was taken for "${layer}" in silence`);
  else assertEquals(split.layer, graphNode);
}

for (const backend of testedBackends) {
  for (const form of forms) {
    Deno.test(`split() of ${form} agrees with the reference on ${backend}`, async (t) => {
      const missing = await tryBackend(backend);
      if (missing !== undefined) return await skip(t, backend, missing);
      assert(networks.length >= 18, `There are networks in ${zoo}`);
      for (const network of networks) {
        await t.step(network, (t) => checkNetwork(t, network, form));
      }
    });
  }
}

async function checkNetwork(t: Deno.TestContext, network: string, form: Form): Promise<void> {
  const folder = new URL(`${network}/`, zoo);
  const golden: Golden = JSON.parse(await Deno.readTextFile(new URL("golden.json", folder)));
  const values = await readFloats(new URL("input.f32", folder));
  const model = await loadModel(new URL(`${form}/`, folder));
  const x = tf.tensor4d(values, golden.inputShape);
  try {
    await t.step("outputs", () => leavingNoTensors(() => checkOutputs(model, x, golden)));
    await t.step("default layer", () => leavingNoTensors(() => checkDefaultLayer(model, form, golden)));
    for (const map of golden.maps) {
      const name = [map.layer, map.outputName, map.classIndex, map.scoreKind].join(" ");
      const layer = form === "layers" ? map.layer : map.graphNode;
      if (layer === null) await skip(t, name, "the converter left no node for it");
      else await t.step(name, () => leavingNoTensors(() => checkMap(model, x, layer, map)));
    }
    if (form === "graph") {
      const layers = new Map(golden.maps.map((map) => [map.layer, map]));
      await t.step("names of Keras", async (t) => {
        for (const [layer, map] of layers) {
          await t.step(layer, () => leavingNoTensors(() => checkNodeOf(model, map)));
        }
      });
    }
  } finally {
    x.dispose();
    model.dispose();
  }
}
