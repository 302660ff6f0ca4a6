import * as tf from "@tensorflow/tfjs";
import { joinBytes } from "../bytes.ts";
import { ModelError } from "../errors.ts";
import { openGraphModel } from "../split/graph_model.ts";
import { openLayersModel } from "../split/layers_model.ts";
import type { ExplainableModel, ModelRecord } from "../split/mod.ts";
import type { ModelFolder } from "./folder.ts";
import type { ModelFormat } from "./mod.ts";

type WeightsGroup = tf.io.WeightsManifestConfig[number];

/** What a layers model's architecture says of itself. */
interface Topology {
  readonly model_config?: unknown;
  readonly keras_version?: string;
}

/** What is read of a model.json. */
interface ModelJson {
  readonly modelTopology?: unknown;
  readonly format?: string;
  readonly generatedBy?: string;
  readonly convertedBy?: string | null;
  readonly weightsManifest?: readonly WeightsGroup[];
  readonly [key: string]: unknown;
}

/** Bytes that each weight takes in its file, before any quantisation. */
const itemBytes: Readonly<Record<string, number>> = {
  float32: 4,
  int32: 4,
  complex64: 8,
  bool: 1,
  float16: 2,
  uint16: 2,
  uint8: 1,
};

function parse(folder: ModelFolder): ModelJson | undefined {
  const beginning = new TextDecoder("latin1").decode(folder.main.subarray(0, 256)); // of a file that may be large
  if (!/^(\xef\xbb\xbf)?\s*\{/.test(beginning)) return undefined;
  const text = new TextDecoder().decode(folder.main);
  try {
    return JSON.parse(text);
  } catch (error) {
    throw new ModelError(
      `Cannot open model "${folder.name}": its JSON is damaged or cut short: ${(error as Error).message}`,
    );
  }
}

/** The bytes that a group of weights takes; `undefined` where strings make that unknowable. */
function sizeOf(weights: readonly tf.io.WeightsManifestEntry[]): number | undefined {
  let bytes = 0;
  for (const { shape, dtype, quantization } of weights) {
    const item = itemBytes[quantization?.dtype ?? dtype];
    if (item === undefined) return undefined;
    bytes += item * shape.reduce((product, size) => product * size, 1);
  }
  return bytes;
}

/** Read the shards of a group, check that they hold what the manifest says, and join them. */
async function readGroup(folder: ModelFolder, group: WeightsGroup): Promise<Uint8Array> {
  const found = await Promise.all(group.paths.map((path) => folder.read(path)));
  const missing = group.paths.find((_, index) => !found[index]); // the first, whichever answer came first
  if (missing !== undefined) {
    throw new ModelError(`Cannot open model "${folder.name}": its weights file "${missing}" is missing`);
  }
  const shards = found as Uint8Array[];
  const length = shards.reduce((sum, shard) => sum + shard.length, 0);
  const expected = sizeOf(group.weights);
  if (expected !== undefined && expected !== length) {
    const files = group.paths.length === 1 ? `weights file "${group.paths[0]}" holds` : "weights files hold";
    throw new ModelError(
      `Cannot open model "${folder.name}": its ${files} ${length} bytes, but the manifest says ${expected}`,
    );
  }
  return joinBytes(shards);
}

async function readArtifacts(folder: ModelFolder, json: ModelJson): Promise<tf.io.ModelArtifacts> {
  const manifest = json.weightsManifest ?? [];
  const groups = await Promise.all(manifest.map((group) => readGroup(folder, group)));
  const { modelTopology, weightsManifest: _, ...rest } = json;
  return {
    ...rest,
    modelTopology: modelTopology as tf.io.ModelArtifacts["modelTopology"] & object,
    weightSpecs: manifest.flatMap(({ weights }) => weights),
    weightData: groups.map(({ buffer }) => buffer as ArrayBuffer),
  };
}

/** Let TensorFlow.js build the model, and put what it says when it cannot into one line. */
async function build<T>(folder: ModelFolder, builder: () => Promise<T>): Promise<T> {
  try {
    return await builder();
  } catch (error) {
    const [line] = (error as Error).message.split("\n");
    throw new ModelError(`Cannot open model "${folder.name}": ${line!.replace(/[.\s]+$/, "")}`);
  }
}

/** A layers model's architecture in the form that TensorFlow.js reads, whichever version of Keras wrote it. */
async function translate(
  folder: ModelFolder,
  topology: Topology,
): Promise<{ topology: object; notes: readonly string[] }> {
  const [{ translateModel }, { registerKerasLayers }] = await Promise.all([
    import("../keras/translate.ts"),
    import("../keras/layers/mod.ts"),
  ]);
  registerKerasLayers();
  const config = topology.model_config ?? topology;
  const { topology: { modelTopology }, notes } = translateModel(config, folder.name, topology.keras_version);
  return { topology: modelTopology, notes };
}

function isGraph(json: ModelJson): boolean {
  return json.format === "graph-model" ||
    (json.format === undefined && "node" in (json.modelTopology as object));
}

/** TensorFlow.js's own files: model.json with a topology and a manifest of weights. */
export const tfjsFormat: ModelFormat = {
  name: "tfjs",
  description: "TensorFlow.js model.json (layers or graph model) with its weights beside it",
  async open(folder: ModelFolder, record: ModelRecord): Promise<ExplainableModel | undefined> {
    const json = parse(folder);
    if (!json) return undefined;
    if (typeof json.modelTopology !== "object" || json.modelTopology === null) {
      const holds = json.weightsManifest
        ? "it holds weights but no architecture"
        : "it is no TensorFlow.js model";
      throw new ModelError(`Cannot open model "${folder.name}": ${holds} (no modelTopology)`);
    }
    const asGraph = isGraph(json);
    const { topology: modelTopology, notes } = asGraph
      ? { topology: json.modelTopology, notes: [] }
      : await translate(folder, json.modelTopology);
    const artifacts = await readArtifacts(folder, { ...json, modelTopology });
    const handler: tf.io.IOHandler = { load: () => Promise.resolve(artifacts) };
    const writer = [json.generatedBy, json.convertedBy].filter(Boolean).join(", ") || undefined;
    const owned = { ...record, writer, notes, owned: true };
    return asGraph
      ? await openGraphModel(await build(folder, () => tf.loadGraphModel(handler)), owned)
      : await openLayersModel(await build(folder, () => tf.loadLayersModel(handler)), owned);
  },
};
