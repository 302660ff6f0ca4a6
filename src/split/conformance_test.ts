/**
 * Every network of testdata/zoo in every form that it comes in, on every backend, against the reference and against
 * its other forms. A new network is one folder there, with no line here; a new form is one line in `forms`.
 */
import * as tf from "@tensorflow/tfjs";
import { assert, assertEquals, assertInstanceOf, assertLessOrEqual, assertThrows } from "@std/assert";
import type { BackendName } from "../../backends/mod.ts";
import { LayerNotFoundError } from "../base/errors.ts";
import { loadModel } from "../formats/mod.ts";
import { gradcam } from "../explain/gradcam.ts";
import { normalize } from "../base/heatmap.ts";
import {
  exists,
  largestDifference,
  largestMagnitude,
  leavingNoTensors,
  testedBackends,
  tryBackend,
} from "../testing/mod.ts";
import type { ExplainableModel, SplitModel } from "./model.ts";
import {
  forms,
  type Golden,
  type GoldenMap,
  layerIn,
  locate,
  Matrix,
  networksOf,
  nodeNames,
  readGolden,
  readInput,
  zoo,
  type ZooInput,
} from "./testing.ts";
import { everyNth } from "../testing/whole_matrix.ts";

/** What scores and maps may differ by: single precision adds in another order on the fast backends. */
const tolerances: Readonly<Record<BackendName, number>> = { cpu: 1e-5, wasm: 1e-4, webgpu: 1e-4 };

const networks = networksOf(zoo);
const matrix = new Matrix();

/** A network in one form on one backend. */
interface Case {
  readonly network: string;
  readonly form: string;
  readonly backend: BackendName;
  readonly golden: Golden;
  readonly input: ZooInput;
  /** The raw maps of the forms before, by question. */
  readonly earlier: Map<string, Float32Array>;
}

/** How a network is told what it takes: by name where there are several inputs. */
function inputsOf({ golden, input: { inputs } }: Case, model: ExplainableModel) {
  return model.inputs.length > 1 ? { input: golden.input, inputs } : {};
}

/** Whether a difference is small enough; a failure says how large it is. */
function assertSmall(difference: number, tolerance: number, what: string): void {
  assertLessOrEqual(difference, tolerance, `${what} is off by ${difference.toExponential(1)}`);
}

async function checkOutputs(model: ExplainableModel, item: Case): Promise<void> {
  const { golden, input: { x } } = item;
  assertEquals(model.outputs.map(({ name }) => name).sort(), golden.outputs.map(({ name }) => name).sort());
  for (const { name, values } of golden.outputs) {
    const scores = model.predict(x, { output: name, ...inputsOf(item, model) }); // [1, classes]
    const data = await scores.data();
    scores.dispose();
    const difference = largestDifference(data, values) / Math.max(1, largestMagnitude(values));
    assertSmall(difference, 1e-5, `Output "${name}"`);
  }
}

function checkDefaultLayer(model: ExplainableModel, item: Case): void {
  const { form, golden: { defaultLayer, passedOver, maps } } = item;
  const options = inputsOf(item, model);
  if (defaultLayer === null) {
    const message = "Could not find 4D layer. Cannot apply Grad-CAM.";
    assertThrows(() => model.split(undefined, options), LayerNotFoundError, message);
    return;
  }
  const { layer, warnings } = model.split(undefined, options);
  assertEquals(layer, form in nodeNames ? layerIn(form, maps.find((map) => map.default)!) : defaultLayer);
  const isSaid = warnings.some((warning) => warning.startsWith("Passed over"));
  // In ONNX what is pooled over all pixels is a picture, which nobody would explain.
  if (form !== "tf2onnx.onnx" || isSaid) assertEquals(isSaid, passedOver);
}

/** What tf2onnx calls nodes that it made itself, which say nothing of the layer. */
const ownName = /^[A-Za-z]+__\d+$/;

/** A graph asked by a name of Keras takes the node that computes the layer, or says that there is none. */
async function checkNodeOf(model: ExplainableModel, map: GoldenMap, item: Case): Promise<void> {
  const { layer } = map, { form } = item;
  const node = layerIn(form, map);
  let split: SplitModel;
  try {
    split = model.split(layer, inputsOf(item, model));
  } catch (error) {
    assertInstanceOf(error, LayerNotFoundError);
    assert(node === null || ownName.test(node), error.message);
    return;
  }
  const isSaid = split.warnings.some((warning) => warning.startsWith(`The converter fused layer "${layer}"`));
  if (node === null) assert(isSaid, `"${split.layer}" was taken for "${layer}" in silence`);
  else if (form !== "tf2onnx.onnx" || ownName.test(node)) assertEquals(split.layer, node);
  else if (split.layer !== node) await checkMap(model, map, item, layer); // several nodes hold the value
}

async function checkMap(
  model: ExplainableModel,
  golden: GoldenMap,
  item: Case,
  layer: string = layerIn(item.form, golden)!,
): Promise<void> {
  const { backend, earlier, input: { x } } = item;
  const { classIndex, outputName: output, scoreKind: score, box: region } = golden;
  const { maps: [map] } = await gradcam(model, x, {
    layer,
    classIndex,
    output,
    score,
    region,
    ...inputsOf(item, model),
  });
  const { raw, heatmap } = map!;
  const question = JSON.stringify([golden.layer, output, classIndex, score, region]);
  const tolerance = tolerances[backend];
  const largest = largestMagnitude(golden.raw);
  const expected = golden.map ?? normalize(Float32Array.from(golden.raw), 1e-8);
  assertEquals([raw.height, raw.width], [golden.height, golden.width], question);
  assertEquals([heatmap.height, heatmap.width], [golden.height, golden.width], question);
  assertSmall(largestDifference(raw.data, golden.raw) / largest, tolerance, `Raw map ${question}`);
  assertSmall(largestDifference(heatmap.data, expected), tolerance, `Map ${question}`);
  if (score === "output") assertSmall(Math.abs(map!.score - golden.score), tolerance, `Score ${question}`);
  const other = earlier.get(question) ?? raw.data;
  earlier.set(question, other);
  assertSmall(largestDifference(raw.data, other) / largest, tolerance, `Raw map of other form ${question}`);
}

/**
 * The maps to compute: all, but on WebGPU, which here is often a software adapter, one at the default layer and one
 * inside. The converter leaves no node for some layers of a graph.
 */
function mapsFor({ golden: { maps }, form, backend }: Case): readonly GoldenMap[] {
  const found = maps.filter((map) => layerIn(form, map) !== null);
  if (backend !== "webgpu") return found;
  return [found.find((map) => map.default), found.find((map) => !map.default)].flatMap((map) => map ?? []);
}

async function checkCase(item: Case): Promise<void> {
  const { network, form, backend, golden } = item;
  const model = await loadModel(locate(form, new URL(`${network}/`, zoo)));
  try {
    await leavingNoTensors(() => checkOutputs(model, item));
    await leavingNoTensors(() => checkDefaultLayer(model, item));
    const maps = mapsFor(item);
    for (const map of maps) await leavingNoTensors(() => checkMap(model, map, item));
    if (form in nodeNames) {
      const layers = new Map(golden.maps.map((map) => [map.layer, map]));
      for (const map of layers.values()) await leavingNoTensors(() => checkNodeOf(model, map, item));
    }
    matrix.cell(network, form).results.set(backend, maps.length);
  } finally {
    model.dispose();
  }
}

/**
 * The forms to open: all by WebAssembly; elsewhere some, others for each network, since a software adapter and plain JavaScript
 * take long and what forms become is the same operations.
 */
function formsFor(network: string, backend: BackendName): readonly string[] {
  if (backend === "wasm") return forms;
  return everyNth(forms, backend === "cpu" ? 3 : 5, networks.indexOf(network));
}

async function checkNetwork(t: Deno.TestContext, network: string, backend: BackendName): Promise<void> {
  const folder = new URL(`${network}/`, zoo);
  const golden = await readGolden(folder);
  const input = await readInput(golden, folder);
  const earlier = new Map<string, Float32Array>();
  try {
    const asked = formsFor(network, backend);
    for (const form of forms) {
      const reason = golden.absent[form];
      const cell = matrix.cell(network, form);
      if (!asked.includes(form)) {
        cell.unasked.add(backend);
        continue;
      }
      if (reason === undefined) {
        const item = { network, form, backend, golden, input, earlier };
        await t.step(form, () => checkCase(item));
      } else {
        cell.reason = reason;
        assert(!await exists(locate(form, folder)), `${form} is there: it is said that ${reason}`);
        await t.step({ name: `${form} skipped: ${reason}`, ignore: true, fn: () => {} });
      }
    }
  } finally {
    tf.dispose([input.x, input.inputs]);
  }
}

for (const backend of testedBackends) {
  Deno.test(`all forms of all networks agree with the reference on ${backend}`, async (t) => {
    const missing = await tryBackend(backend);
    if (missing !== undefined) {
      matrix.missing.set(backend, missing);
      await t.step({ name: `${backend} skipped: ${missing}`, ignore: true, fn: () => {} });
      return;
    }
    assert(networks.length >= 48, `There are networks in ${zoo}`);
    for (const network of networks) {
      await t.step(network, (t) => checkNetwork(t, network, backend));
    }
  });
}

Deno.test("all forms of all networks agree: the matrix", () => {
  console.log(
    [
      `How many maps agree with the reference, and with those of the other forms, on ${
        testedBackends.join(", ")
      }.`,
      "On webgpu two forms (·: not this one), and of them a map at the default layer and one inside; elsewhere all. A graph has fewer, since",
      "the converter fuses layers: their names lead to the node that took them in, which is checked too.",
      "",
      matrix.format(forms, testedBackends),
    ].join("\n"),
  );
  assertEquals(matrix.networks, networks);
});
