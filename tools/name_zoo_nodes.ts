/**
 * Add to the goldens of testdata/zoo which node of the converted graph computes each layer: the first whose values
 * are those of the layers model's layer, `null` where the converter left none or there is no graph.
 *
 *     deno run -A tools/name_zoo_nodes.ts [a folder such as testdata/zoo/ [networks]]
 */
import * as tf from "@tensorflow/tfjs";
import { selectBackend } from "../backends/mod.ts";
import { loadModel } from "../src/formats/mod.ts";
import { isSpatial } from "../src/split/layer_choice.ts";
import type { ExplainableModel } from "../src/split/mod.ts";
import { locate, networksOf, readGolden, readInput, zoo, type ZooInput } from "../src/split/testing.ts";
import { largestDifference, largestMagnitude } from "../src/testing.ts";

/** How far the values of one layer may be apart, as a part of the largest. */
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

/** The node of each layer that the goldens name. */
async function findNodes(folder: URL): Promise<Map<string, string | null>> {
  const golden = await readGolden(folder);
  const wanted = [...new Set(golden.maps.map(({ layer }) => layer))];
  if (golden.absent.graph !== undefined) return new Map(wanted.map((layer) => [layer, null]));
  const values = await readInput(golden, folder);
  const layers = await loadModel(locate("layers", folder));
  const graph = await loadModel(locate("graph", folder));
  const nodes: [string, tf.TypedArray][] = [];
  for (const { path } of graph.layers.filter(isSpatial)) {
    nodes.push([path, await activationAt(graph, path, values, golden.input)]);
  }
  const found = new Map<string, string | null>();
  for (const layer of wanted) {
    const activation = await activationAt(layers, layer, values, golden.input);
    const limit = tolerance * largestMagnitude(activation);
    const node = nodes.find(([, others]) => largestDifference(activation, others) <= limit);
    found.set(layer, node?.[0] ?? null);
  }
  return found;
}

async function nameNodes(network: string, folder: URL): Promise<void> {
  const found = await findNodes(folder);
  const golden = await readGolden(folder);
  const maps = golden.maps.map(({ layer, graphNode: _, ...map }) => ({
    layer,
    graphNode: found.get(layer),
    ...map,
  }));
  const text = JSON.stringify({ ...golden, maps }).replaceAll('{"layer"', '\n{"layer"');
  await Deno.writeTextFile(new URL("golden.json", folder), `${text}\n`);
  for (const [layer, node] of found) console.log(`${network} ${layer} → ${node}`);
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
