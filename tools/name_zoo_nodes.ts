/**
 * Add to the goldens of testdata/zoo which node of the converted graph, and which of the ONNX file, computes each layer:
 * the first whose values are those that the reference computes there, `null` where the converter left none or there is
 * no such form.
 *
 *     deno run -A tools/name_zoo_nodes.ts [a folder such as testdata/zoo/ [networks]]
 */
import * as tf from "@tensorflow/tfjs";
import { selectBackend } from "../backends/mod.ts";
import { loadModel } from "../src/formats/mod.ts";
import { isSpatial } from "../src/split/layer_choice.ts";
import type { ExplainableModel, LayerInfo } from "../src/split/model.ts";
import {
  type Fingerprint,
  type Golden,
  locate,
  networksOf,
  readGolden,
  readInput,
  zoo,
  type ZooInput,
} from "../src/split/testing.ts";

/** How far sums over a layer's values may be apart, as a part of the sum of their magnitudes. */
const tolerance = 1e-5;

/** What a model computes at a layer. */
async function activationAt(
  model: ExplainableModel,
  layer: string,
  { x, inputs }: ZooInput,
  input: string,
): Promise<tf.TypedArray> {
  const options = model.inputs.length > 1 ? { input, inputs } : {};
  const { activation, carried } = model.split(layer, options).head(x);
  const values = await activation.data();
  tf.dispose([activation, carried]);
  return values;
}

/** Whether values are those that the reference computes at a layer. */
function isSame(values: ArrayLike<number>, { shape, magnitude, waves }: Fingerprint): boolean {
  if (values.length !== shape.reduce((product, size) => product * size, 1)) return false;
  let [sum, weighted] = [0, 0];
  for (let index = 0; index < values.length; index++) {
    sum += Math.abs(values[index]!);
    weighted += values[index]! * Math.sin(index + 1);
  }
  return Math.max(Math.abs(sum - magnitude), Math.abs(weighted - waves)) <= tolerance * magnitude;
}

/** Whether a map can be taken at a layer. */
function isOfOnePicture(layer: LayerInfo): boolean {
  return isSpatial(layer) && (layer.outputShape[0] ?? 1) === 1;
}

/** The node of each layer that the goldens name. */
async function findNodes(form: string, golden: Golden, folder: URL): Promise<Map<string, string | null>> {
  const layers = Object.entries(golden.layers);
  if (golden.absent[form] !== undefined) return new Map(layers.map(([layer]) => [layer, null]));
  const input = await readInput(golden, folder);
  const graph = await loadModel(locate(form, folder));
  const nodes: [string, ArrayLike<number>][] = [];
  for (const { path } of graph.layers.filter((layer) => isOfOnePicture(layer) && layer.kind !== "Identity")) {
    nodes.push([path, await activationAt(graph, path, input, golden.input)]);
  }
  return new Map(layers.map(([layer, fingerprint]) => {
    const alike = nodes.filter(([, values]) => isSame(values, fingerprint));
    // Of the layer's own the last: the converter may have moved a relu past a maximum over pixels.
    const node = alike.findLast(([path]) => `/${path}/`.includes(`/${layer.split(":")[0]}/`)) ?? alike[0];
    return [layer, node?.[0] ?? null];
  }));
}

async function nameNodes(network: string, folder: URL): Promise<void> {
  const golden = await readGolden(folder);
  const inGraph = await findNodes("graph", golden, folder);
  const inOnnx = await findNodes("tf2onnx.onnx", golden, folder);
  const maps = golden.maps.map(({ layer, graphNode: _, onnxNode: __, ...map }) => ({
    layer,
    graphNode: inGraph.get(layer),
    onnxNode: inOnnx.get(layer),
    ...map,
  }));
  const text = JSON.stringify({ ...golden, maps }).replaceAll('{"layer"', '\n{"layer"');
  await Deno.writeTextFile(new URL("golden.json", folder), `${text}\n`);
  for (const [layer, node] of inGraph) console.log(`${network} ${layer} → ${node}, ${inOnnx.get(layer)}`);
}

await selectBackend({ backend: "cpu" });
const [folder = zoo.href, ...names] = Deno.args;
const root = new URL(folder, `file://${Deno.cwd()}/`);
for (const network of names.length > 0 ? names : networksOf(root)) {
  try {
    await nameNodes(network, new URL(`${network}/`, root));
  } catch (error) {
    console.error(`${network}: ${(error as Error).message}`);
    Deno.exitCode = 1;
  }
}
