/**
 * Add to the goldens of testdata/zoo which node of the converted graph computes each layer: the first whose values
 * are those of the layers model's layer, `null` where the converter left none.
 *
 *     deno run -A tools/name_zoo_nodes.ts [a folder such as testdata/zoo/]
 */
import * as tf from "@tensorflow/tfjs";
import { selectBackend } from "../backends/mod.ts";
import { loadModel } from "../src/formats/mod.ts";
import { isSpatial } from "../src/split/layer_choice.ts";
import type { ExplainableModel } from "../src/split/mod.ts";
import { largestDifference, largestMagnitude, readFloats } from "../src/testing.ts";

/** What is read and written of a golden. */
interface Golden {
  readonly inputShape: [number, number, number, number];
  readonly maps: { readonly layer: string; graphNode?: string | null }[];
}

/** How far the values of one layer may be apart, as a part of the largest. */
const tolerance = 1e-5;

/** What a model computes at a layer. */
async function activationAt(model: ExplainableModel, layer: string, x: tf.Tensor4D): Promise<tf.TypedArray> {
  const { activation, carried } = model.split(layer).head(x);
  const values = await activation.data();
  tf.dispose([activation, carried]);
  return values;
}

async function nameNodes(folder: URL): Promise<void> {
  const file = new URL("golden.json", folder);
  const golden: Golden = JSON.parse(await Deno.readTextFile(file));
  const x = tf.tensor4d(await readFloats(new URL("input.f32", folder)), golden.inputShape);
  const layers = await loadModel(new URL("layers/", folder));
  const graph = await loadModel(new URL("graph/", folder));
  const spatial = graph.layers.filter(isSpatial);
  const nodes: [string, tf.TypedArray][] = [];
  for (const { path } of spatial) nodes.push([path, await activationAt(graph, path, x)]);
  const found = new Map<string, string | null>();
  for (const layer of new Set(golden.maps.map(({ layer }) => layer))) {
    const values = await activationAt(layers, layer, x);
    const limit = tolerance * largestMagnitude(values);
    const node = nodes.find(([, others]) => largestDifference(values, others) <= limit);
    found.set(layer, node?.[0] ?? null);
  }
  const maps = golden.maps.map(({ layer, graphNode: _, ...map }) => ({
    layer,
    graphNode: found.get(layer),
    ...map,
  }));
  const text = JSON.stringify({ ...golden, maps }).replaceAll('{"layer"', '\n{"layer"');
  await Deno.writeTextFile(file, `${text}\n`);
  for (const [layer, node] of found) console.log(`${folder.pathname.split("/").at(-2)} ${layer} → ${node}`);
}

await selectBackend({ backend: "cpu" });
const [folder = new URL("../testdata/zoo/", import.meta.url).href] = Deno.args;
const zoo = new URL(folder, `file://${Deno.cwd()}/`);
for await (const { name, isDirectory } of Deno.readDir(zoo)) {
  if (isDirectory) await nameNodes(new URL(`${name}/`, zoo));
}
