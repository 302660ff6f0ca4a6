import * as tf from "../../base/tfjs.ts";
import { heldVariables } from "../../../backends/variables.ts";
import { fillTensor, isReserved } from "../../../backends/weights.ts";
import { ModelError } from "../../base/errors.ts";
import { cut, quote } from "../../base/quote.ts";
import { isLayersModel } from "../../split/held_models.ts";
import { LayersModelAdapter } from "../../split/layers_model.ts";
import type { ExplainableModel, ModelRecord } from "../../split/model.ts";
import { checkGraph } from "./check_graph.ts";
import { mayHaveChannelsFirst } from "./has_channels_first.ts";
import { registerKerasLayers } from "./layers/mod.ts";
import type { KerasArray, KerasFile, WeightedLayer } from "./keras_file.ts";
import { type LayerNode, leavesOf, readLayerTree } from "./layer_tree.ts";
import { checkIdentities, checkIdentityOption } from "./custom_identities.ts";
import { keptArrays, type Quantisation, quantisationIn } from "./quantisation.ts";
import { withSafeNames } from "./safe_names.ts";
import { withinBudget } from "./weight_budget.ts";
import { translateModel } from "./translate.ts";

function shapeText(shape: readonly (number | null)[]): string {
  return `[${shape.join(", ")}]`;
}

/** Give a layer its weights, after a look at their number and shapes. */
function setWeights(
  layer: tf.layers.Layer,
  arrays: readonly KerasArray[],
  where: string,
): void {
  if (arrays.length !== layer.weights.length) {
    throw new ModelError(
      `${where} takes ${layer.weights.length} arrays of weights, the file has ${arrays.length}`,
    );
  }
  layer.weights.forEach(({ shape }, index) => {
    const given = arrays[index]!.shape;
    const same = given.length === shape.length && shape.every((size, axis) => size === given[axis]);
    if (!same) {
      throw new ModelError(
        `${where} takes weights ${shapeText(shape)}, ${quote(arrays[index]!.name)} in the file has ${
          shapeText(given)
        }`,
      );
    }
  });
  layer.weights.forEach((weight, index) => setWeight(weight, arrays[index]!));
}

/** Give a weight its numbers: where they stay if that was left unfilled, else in place of others. */
function setWeight(weight: tf.LayerVariable, array: KerasArray): void {
  const tensor = weight.read();
  if (isReserved(tensor)) return fillTensor(tensor, (values) => array.readInto(values));
  const values = new Float32Array(tensor.size);
  array.readInto(values);
  tf.tidy(() => void weight.write(tf.tensor(values, tensor.shape, tensor.dtype)));
}

/** The layers of a model by their paths, those inside nested models too. */
function layersOf(model: tf.LayersModel, path: readonly string[] = []): Map<string, tf.layers.Layer> {
  return new Map(model.layers.flatMap((layer) => {
    const layerPath = [...path, layer.name];
    return isLayersModel(layer)
      ? [...layersOf(layer, layerPath)]
      : [[JSON.stringify(layerPath), layer] as const];
  }));
}

/** A layer to be given weights, and how those in the file were quantised, if they were. */
interface FilledLayer extends WeightedLayer {
  readonly layer: tf.layers.Layer;
  readonly node: LayerNode;
  readonly quantised: Quantisation | undefined;
}

/** The layers that take weights, in the order of the file: TensorFlow.js sorts them in its own way. */
function filledLayers(
  leaves: ReturnType<typeof leavesOf>,
  layers: ReadonlyMap<string, tf.layers.Layer>,
): FilledLayer[] {
  const findQuantisation = quantisationIn(leaves.map(({ node }) => node));
  return leaves.flatMap(({ path, node }) => {
    const layer = layers.get(JSON.stringify(path));
    if (!layer || layer.weights.length === 0) return [];
    const trainable = layer.trainableWeights.length;
    const names = layer.weights.map(({ originalName }) => originalName);
    const biases = names.filter((name) => name.endsWith("bias")).length;
    const quantised = findQuantisation(node);
    const kept = quantised
      ? keptArrays(quantised, { kernels: names.length - biases, biases })
      : { trainable, fixed: names.length - trainable, names };
    return [{ path, layer, node, quantised, ...kept }];
  });
}

/** Give all layers of a model their weights; a layer that is used twice has one path. */
async function setAllWeights(
  model: tf.LayersModel,
  { weights, name, config }: KerasFile,
): Promise<void> {
  const leaves = leavesOf(readLayerTree(config));
  const layers = layersOf(model);
  checkIdentities(leaves, { weights, name, layers });
  const filled = filledLayers(leaves, layers);
  const isQuantised = filled.some(({ quantised }) => quantised);
  const dequantise = isQuantised ? (await import("./quantised_weights.ts")).dequantise : undefined;
  weights.assign(filled).forEach((read, index) => {
    const { path, layer, node, quantised } = filled[index]!;
    const where = `Cannot open model ${quote(name)}: layer ${quote(path.join("/"))}`;
    const arrays = read();
    if (!arrays) {
      throw new ModelError(
        `Cannot open model ${quote(name)}: it has no weights for layer ${quote(path.join("/"))}`,
      );
    }
    const shapes = layer.weights.map(({ shape }) => shape as number[]);
    setWeights(layer, quantised ? dequantise!(arrays, { where, node, quantised, shapes }) : arrays, where);
  });
  const unfilled = model.weights.find((weight) => isReserved(weight.read()));
  if (unfilled) {
    throw new ModelError(
      `Cannot open model ${quote(name)}: it has no weights for ${quote(unfilled.originalName)}`,
    );
  }
}

/** Let TensorFlow.js build a model; what it made before it failed is disposed. */
async function buildFrom(topology: object, { name, maxParameters }: KerasFile): Promise<tf.LayersModel> {
  const before = heldVariables();
  // It runs to its end before it returns, so that nobody else's variables are among the new ones.
  const building = withinBudget(
    maxParameters,
    name,
    () => tf.models.modelFromJSON(topology as Parameters<typeof tf.models.modelFromJSON>[0]),
  );
  const made = [...heldVariables().difference(before)];
  try {
    const model = await building;
    // Of layers that lead to no output, which the model forgets.
    const kept = new Set(model.weights.map((weight) => weight.read()));
    for (const variable of made) if (!kept.has(variable)) variable.dispose();
    return model;
  } catch (error) {
    for (const variable of made) variable.dispose();
    throw error;
  }
}

/** Whether a model has a Lambda layer, at any depth: only then is loaded what knows their functions. */
function hasLambda(config: unknown): boolean {
  return JSON.stringify(config)?.includes('Lambda"') ?? false;
}

/** A file whose network takes its channels last, whatever it took them as. */
async function withChannelsLast(file: KerasFile): Promise<{ file: KerasFile; isTurned: boolean }> {
  if (!mayHaveChannelsFirst(file.config)) return { file, isTurned: false };
  const { inChannelsLast } = await import("./channels_last/mod.ts");
  const turned = inChannelsLast(file);
  return { file: turned ?? file, isTurned: turned !== undefined };
}

/** The longest sentence of TensorFlow.js's that is passed on, in characters. */
const longestSentence = 240;

/** What TensorFlow.js says, without what is for its own developers. */
function firstSentence(error: unknown): string {
  const [sentence] = (error as Error).message.split(/\.\s|\n/);
  const plain = sentence!.replaceAll(/\[object Object\](,\[object Object\])*/g, "an object").replace(
    /[.\s]+$/,
    "",
  );
  return cut(plain, longestSentence);
}

/** What TensorFlow.js says when it cannot build a model, in one line. */
function buildError(error: unknown, name: string): ModelError {
  if (error instanceof ModelError) return error;
  if (error instanceof TypeError) {
    return new ModelError(`Cannot open model ${quote(name)}: its architecture is damaged`);
  }
  if (isStackOverflow(error)) {
    return new ModelError(
      `Cannot open model ${quote(name)}: it has more layers in a row than can be followed`,
    );
  }
  return new ModelError(`Cannot open model ${quote(name)}: ${firstSentence(error)}`);
}

/** Whether functions called each other too often, as those of TensorFlow.js do once for each layer in a row. */
function isStackOverflow(error: unknown): boolean {
  return error instanceof RangeError && error.message.includes("call stack");
}

/**
 * Build the model of a Keras file.
 *
 * @param given What was read.
 * @param record What else is known of it.
 * @throws {ModelError} If it has a layer that is not known, or weights of other shapes.
 */
export async function buildKerasModel(given: KerasFile, record: ModelRecord): Promise<ExplainableModel> {
  registerKerasLayers();
  let adapter: LayersModelAdapter | undefined;
  try {
    const { file, isTurned } = await withChannelsLast(given);
    const { identity = [] } = record;
    checkIdentityOption(identity, leavesOf(readLayerTree(file.config)), file.name);
    const lambdas = hasLambda(file.config) ? await import("./lambda/mod.ts") : undefined;
    const options = { identity, lambdas };
    const { topology, notes, assumptions } = translateModel(
      file.config,
      file.name,
      file.kerasVersion,
      options,
    );
    const checked = checkGraph(
      lambdas?.unfoldLambdas(topology.modelTopology) ?? topology.modelTopology,
      file.name,
    );
    const writer = file.writer ??
      (file.kerasVersion === undefined ? undefined : `Keras ${file.kerasVersion}`);
    const names = withSafeNames({ modelTopology: checked });
    const model = await buildFrom(names.topology, file);
    names.restore(model);
    adapter = new LayersModelAdapter(model, {
      ...record,
      format: file.format,
      writer,
      notes: [
        ...record.notes ?? [],
        ...isTurned ? ["channels first: computed with the channels last"] : [],
        ...notes,
      ],
      assumptions: [...record.assumptions ?? [], ...assumptions],
      owned: true,
    });
    await setAllWeights(model, file);
    await adapter.pixelEvidence(); // before weights are folded into others
    await adapter.prepare();
    return adapter;
  } catch (error) {
    adapter?.dispose();
    throw buildError(error, given.name);
  }
}
