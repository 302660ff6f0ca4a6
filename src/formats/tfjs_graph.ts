import { countOf } from "../base/tensor_info.ts";
import * as tf from "../base/tfjs.ts";
import { GraphModel } from "../base/tfjs_graphs.ts";
import { fillTensor, reserveTensor } from "../../backends/weights.ts";
import { ModelError } from "../base/errors.ts";
import { sentenceOf } from "../base/sentence.ts";
import { quote } from "../base/quote.ts";
import { nodeName } from "../split/graph_nodes.ts";
import type { NodeJson } from "./turned_graph/graph_json.ts";
import { graphInChannelsLast, type TurnedGraph } from "./turned_graph/mod.ts";
import { decodeInto } from "./tfjs_numbers.ts";
import type { StoredWeight } from "./tfjs_weights.ts";

/** A graph model's model.json. */
export interface GraphJson {
  readonly modelTopology?: unknown;
  readonly [key: string]: unknown;
}

/** The largest input that is tried, in numbers: 4,096 pixels square in four channels. */
const maxInput = 2 ** 26;

/** Operations whose course or size is known only when they run: they can be neither probed nor differentiated. */
const dynamic =
  /^(Switch|RefSwitch|Merge|Enter|Exit|NextIteration|LoopCond|(Stateless)?(If|While)|(Stateful)?PartitionedCall|Where|NonMaxSuppression.*|(Immutable|Mutable)?(Dense)?HashTable.*|LookupTable.*|InitializeTable.*|TensorArray.*|TensorList.*|Unique.*|DecodeJpeg|DecodePng|DecodeImage|ParseExample.*)$/;

/** Operations of TensorFlow's that TensorFlow.js has under another name. */
const ownNames: ReadonlyMap<string, string> = new Map([
  ["_FusedDepthwiseConv2dNative", "FusedDepthwiseConv2dNative"],
]);

function isNode(value: unknown): value is NodeJson {
  const { name, op, input } = (value ?? {}) as Record<string, unknown>;
  return typeof name === "string" && name !== "" && typeof op === "string" &&
    (input === undefined || input === null ||
      (Array.isArray(input) && input.every((item) => typeof item === "string")));
}

/** The node that a graph's input names, which may be an output of it, or only have to run before. */
function sourceOf(input: string): string {
  return nodeName(input.replace(/^\^/, "")).split(":")[0]!;
}

/** A graph's nodes, each after those it takes values from, as no recursion through them need go deep then. */
function sortNodes(nodes: readonly NodeJson[], fail: (what: string) => never): NodeJson[] {
  const byName = new Map(nodes.map((node) => [node.name, node]));
  if (byName.size < nodes.length) fail("two nodes of its graph have one name");
  const missing = new Map<NodeJson, number>();
  const takers = new Map<NodeJson, NodeJson[]>();
  for (const node of nodes) {
    const sources = (node.input ?? []).map(sourceOf);
    missing.set(node, sources.length);
    for (const source of sources) {
      const origin = byName.get(source);
      if (!origin) {
        fail(`its node ${quote(node.name)} takes the output of ${quote(source)}, which it does not have`);
      }
      takers.set(origin, [...takers.get(origin) ?? [], node]);
    }
  }
  const sorted = nodes.filter((node) => missing.get(node) === 0);
  for (const node of sorted) {
    for (const taker of takers.get(node) ?? []) {
      missing.set(taker, missing.get(taker)! - 1);
      if (missing.get(taker) === 0) sorted.push(taker);
    }
  }
  if (sorted.length === nodes.length) return sorted;
  if (nodes.some(({ op }) => op === "NextIteration")) {
    fail(
      "its graph has a loop, which a recurrent layer becomes: convert the model to a layers model instead",
    );
  }
  return fail(`its node ${quote(nodes.find((node) => missing.get(node)! > 0)!.name)} takes its own output`);
}

/** A graph with its channels last. */
function turn(
  nodes: readonly NodeJson[],
  stored: readonly StoredWeight[],
  fail: (what: string) => never,
): TurnedGraph {
  try {
    return graphInChannelsLast(nodes, stored, fail) ?? { nodes, stored };
  } catch (error) {
    if (error instanceof TypeError || error instanceof RangeError) fail("its graph is damaged");
    throw error;
  }
}

/** A graph as TensorFlow.js takes it. */
interface CheckedGraph {
  readonly topology: object;
  readonly stored: readonly StoredWeight[];
}

/** Look at a graph before TensorFlow.js does, and put its channels last. */
function checkGraph(
  topology: object,
  stored: readonly StoredWeight[],
  fail: (what: string) => never,
): CheckedGraph {
  const weights = new Set(stored.map(({ spec }) => spec.name));
  if (weights.size < stored.length) fail("two of its weights have one name");
  const { node: list, versions } = topology as { node?: unknown; versions?: object };
  if (!Array.isArray(list) || !list.every(isNode)) fail("its graph is damaged");
  const node = sortNodes(list, fail);
  const unmade = node.find(({ op }) => dynamic.test(op));
  if (unmade) {
    fail(
      `its node ${quote(unmade.name)} is a ${
        quote(unmade.op)
      }, which cannot be explained: convert the part of it ` +
        "from the image to the scores",
    );
  }
  const bare = node.find(({ op, name }) => op === "Const" && !weights.has(name));
  if (bare) fail(`it has no weights for node ${quote(bare.name)}`);
  const turned = turn(node, stored, fail);
  const named = turned.nodes.map((one) => ({ ...one, op: ownNames.get(one.op) ?? one.op }));
  return { topology: { ...topology, node: named, versions: versions ?? {} }, stored: turned.stored };
}

/**
 * Load a graph model.
 *
 * @param json The model.json.
 * @param stored Its weights.
 * @param name What to call the model in messages.
 * @throws {ModelError} If the graph is damaged, or TensorFlow.js cannot load it.
 */
export function loadGraph(json: GraphJson, stored: readonly StoredWeight[], name: string): tf.GraphModel {
  function fail(what: string): never {
    throw new ModelError(`Cannot open model ${quote(name)}: ${what}`);
  }
  const checked = checkGraph(json.modelTopology as object, stored, fail);
  const artifacts: tf.io.ModelArtifacts = { ...json, modelTopology: checked.topology };
  let reason = "its graph has no input or no output";
  try {
    const model = loadTidily(artifacts, () => decodeAll(checked.stored, name));
    const large = model.inputs.find(({ shape }) => countOf(shape ?? []) > maxInput);
    if (large) reason = `its input ${quote(large.name)} is too large: ${large.shape!.join(" × ")}`;
    else if (model.inputs.length > 0 && model.outputs.length > 0) return model;
    model.dispose();
  } catch (error) {
    if (error instanceof ModelError) throw error;
    if (error instanceof TypeError) fail("its graph is damaged");
    fail(sentenceOf(error));
  }
  return fail(reason);
}

/** Make a tensor of each weight. TensorFlow.js decodes those of other types than float32, which are few and small. */
function decodeAll(stored: readonly StoredWeight[], model: string): tf.NamedTensorMap {
  return Object.fromEntries(stored.map((weight): [string, tf.Tensor] => {
    const { spec, bytes } = weight;
    if (spec.dtype !== "float32") {
      const decoded = tf.io.decodeWeights(bytes.slice().buffer, [spec as tf.io.WeightsManifestEntry]);
      return [spec.name, decoded[spec.name]!];
    }
    const tensor = reserveTensor(spec.shape);
    fillTensor(tensor, (values) => decodeInto(values, weight, model));
    return [spec.name, tensor];
  }));
}

/** Load a graph with weights that are decoded here, and so that nothing of it is left where that fails. */
function loadTidily(artifacts: tf.io.ModelArtifacts, decodeWeights: () => tf.NamedTensorMap): tf.GraphModel {
  let model: tf.GraphModel | undefined;
  tf.tidy(() => {
    const loaded = new GraphModel({ load: () => artifacts }, {}, { ...tf.io, decodeWeights });
    loaded.load();
    for (const tensor of Object.values(loaded.weights).flat()) tf.keep(tensor);
    model = loaded as unknown as tf.GraphModel; // which differ in how they would be saved
  });
  return model!;
}
