import { ModelError } from "../base/errors.ts";
import { isNestedTooDeep } from "../base/nesting.ts";
import { cut, quote } from "../base/quote.ts";
import { openGraphModel } from "../split/graph_model.ts";
import type { ExplainableModel, ModelRecord } from "../split/model.ts";
import type { ModelFormat } from "./format.ts";
import { beginsAsJson, type ModelFolder } from "./model_folder.ts";
import { asObject, isArchitecture } from "./keras/is_architecture.ts";
import { countOf } from "./tfjs_manifest.ts";
import { readWeights, type WeightsJson } from "./tfjs_weights.ts";

/** What a layers model's architecture says of itself. */
interface Topology {
  readonly model_config?: unknown;
  readonly keras_version?: unknown;
}

/** What is read of a model.json. */
interface ModelJson extends WeightsJson {
  readonly modelTopology?: unknown;
  readonly format?: unknown;
  readonly generatedBy?: unknown;
  readonly convertedBy?: unknown;
  readonly [key: string]: unknown;
}

function parse(folder: ModelFolder): ModelJson | undefined {
  if (!beginsAsJson(folder)) return undefined;
  const text = new TextDecoder().decode(folder.main);
  let json: ModelJson;
  try {
    json = JSON.parse(text);
  } catch (error) {
    throw new ModelError(
      `Cannot open model ${quote(folder.name)}: its JSON is damaged or cut short: ${firstLine(error)}`,
    );
  }
  if (!isNestedTooDeep(json)) return json;
  throw new ModelError(`Cannot open model ${quote(folder.name)}: its JSON is nested too deep`);
}

function firstLine(error: unknown): string {
  return cut((error as Error).message.split("\n")[0]!);
}

/** What wrote a model; TensorFlow.js notes itself as a version of Keras. */
function writerOf({ generatedBy, convertedBy }: ModelJson, topology: Topology): string | undefined {
  const { keras_version: version } = topology;
  const itself = typeof version === "string" && version.startsWith("tfjs") ? version : undefined;
  return [generatedBy, convertedBy].filter(Boolean).join(", ") || itself;
}

/** What a JSON file without a topology is. */
function describe(json: ModelJson): string {
  if (json.weightsManifest) return "it holds weights but no architecture (no modelTopology)";
  return "it is no TensorFlow.js model (no modelTopology)";
}

const format = "tfjs-layers";

/** Build a layers model from an architecture as any version of Keras writes it. */
async function openLayers(
  folder: ModelFolder,
  json: ModelJson,
  topology: Topology,
  record: ModelRecord,
): Promise<ExplainableModel> {
  const { name, weights } = folder;
  const said = typeof topology.keras_version === "string" ? topology.keras_version : undefined;
  if (weights) {
    const { buildWith } = await import("./keras/open.ts");
    const noted = { architecture: topology, kerasVersion: said, writer: record.writer, format } as const;
    return await buildWith(noted, weights, name, record);
  }
  const [stored, { buildKerasModel }, { readArchitecture }, { sortWeights }] = await Promise.all([
    readWeights(folder, json),
    import("./keras/build.ts"),
    import("./keras/architecture.ts"),
    import("./tfjs_layers.ts"),
  ]);
  const { config, kerasVersion, adapt } = await readArchitecture(topology, name, { kerasVersion: said });
  return await buildKerasModel({
    name,
    format,
    kerasVersion,
    writer: record.writer,
    config,
    maxParameters: 2 ** 20 + stored.reduce((sum, { spec }) => sum + countOf(spec), 0),
    weights: adapt(sortWeights(stored, config, name)),
  }, record);
}

/** TensorFlow.js's own files: model.json with a topology and a manifest of weights. */
export const tfjsFormat: ModelFormat = {
  name: "tfjs",
  description: "TensorFlow.js model.json (layers or graph model) with its weights beside it",
  async open(folder: ModelFolder, given: ModelRecord): Promise<ExplainableModel | undefined> {
    const json = parse(folder);
    if (!json) return undefined;
    const topology = asObject(json.modelTopology);
    if (!topology && isArchitecture(json)) return undefined; // of Keras, whose weights lie elsewhere
    if (!topology) throw new ModelError(`Cannot open model ${quote(folder.name)}: ${describe(json)}`);
    const record = { ...given, writer: writerOf(json, topology) };
    if (!("node" in topology)) return await openLayers(folder, json, topology, record);
    if (folder.weights) {
      throw new ModelError(
        `Cannot open model ${quote(folder.name)} with the weights ${
          quote(folder.weights.name)
        }: it is a converted graph, which takes its own alone`,
      );
    }
    const [stored, { loadGraph }] = await Promise.all([readWeights(folder, json), import("./tfjs_graph.ts")]);
    const model = loadGraph({ ...json, modelTopology: topology }, stored, folder.name);
    return await openGraphModel(model, record);
  },
};
