import * as tf from "@tensorflow/tfjs";
import type { Preprocessing } from "../preprocess.ts";
import { prepare } from "../operations/prepare.ts";
import type { Values } from "../operations/run.ts";
import { type FlatModel, flatten } from "./flatten.ts";
import { chooseLayer } from "./layer_choice.ts";
import type {
  ExplainableModel,
  LayerInfo,
  ModelRecord,
  SplitModel,
  SplitOptions,
  TensorInfo,
} from "./mod.ts";
import { findImageInput, otherInputs } from "./inputs.ts";
import { layerOperations } from "./layer_operations.ts";
import { layersModelScaling } from "./own_scaling.ts";
import { findOutput } from "./outputs.ts";
import { isBinary, toScores } from "./scores.ts";
import { endOf, makeSplit } from "./split_model.ts";
import {
  type CutOperations,
  cutOperations,
  dependsOn,
  findFinal,
  type OperationGraph,
  planTo,
} from "./split_operations.ts";

/** A TensorFlow.js layers model: its layers are called one by one, in the order of its graph. */
export class LayersModelAdapter implements ExplainableModel {
  readonly format: string;
  readonly inputs: readonly TensorInfo[];
  readonly outputs: readonly TensorInfo[];
  readonly labels: readonly string[] | undefined;
  readonly preprocessing: Preprocessing | undefined;
  readonly writer: string | undefined;
  readonly notes: readonly string[];
  readonly #model: tf.LayersModel;
  readonly #flat: FlatModel;
  readonly #owned: boolean;
  readonly #cuts = new Map<string, CutOperations>();
  readonly #plans = new Map<string, (inputs: Values) => tf.Tensor[]>();
  #graph: OperationGraph;
  #made: readonly tf.Tensor[] = [];

  /**
   * @param model The model; it stays the caller's unless the record says `owned`.
   * @param record What else is known of it.
   */
  constructor(model: tf.LayersModel, record: ModelRecord = {}) {
    this.#model = model;
    this.#flat = flatten(model);
    this.#owned = record.owned ?? false;
    this.#graph = { operations: layerOperations(this.#flat.steps), inputs: this.#flat.inputs };
    this.format = record.format ?? "tfjs-layers";
    // A Sequential that was loaded lists no names; a tensor's own ends in a number that counts on from load to load.
    this.inputs = model.inputs.map(({ sourceLayer, shape }, index) => ({
      name: model.inputNames[index] ?? sourceLayer.name,
      shape,
    }));
    this.outputs = model.outputs.map(({ sourceLayer, shape }, index) => ({
      name: model.outputNames[index] ?? sourceLayer.name,
      shape,
    }));
    this.labels = record.labels;
    this.writer = record.writer;
    this.notes = record.notes ?? [];
    this.preprocessing = record.preprocessing ?? layersModelScaling(this.#flat);
  }

  get layers(): readonly LayerInfo[] {
    return this.#flat.layers;
  }

  /**
   * Fold batch norms into the weights before them, once all weights are there.
   *
   * @throws {Error} If the model is not this one's own.
   */
  async prepare(): Promise<void> {
    if (!this.#owned) throw new Error("Cannot change the weights of a model that the caller holds");
    const { operations, made } = await prepare(this.#graph.operations, this.#flat.outputs);
    this.#graph = { ...this.#graph, operations };
    this.#made = made;
  }

  split(name?: string, options: SplitOptions = {}): SplitModel {
    const { output = 0, score = "output", region } = options;
    const { path, warnings } = chooseLayer(this.layers, name);
    const outputIndex = findOutput(this.outputs, output);
    const target = this.#flat.outputs[outputIndex]!;
    const final = findFinal(this.#graph.operations, target);
    const at = this.#flat.values.get(path)!;
    const { end, isBare, warnings: notes } = endOf(
      { score, layer: path, at, target, final },
      (end, at) => dependsOn(this.#graph, end, at),
    );
    return makeSplit({
      layer: path,
      warnings: [...warnings, ...notes],
      cut: this.#cut(at, end),
      final,
      binary: isBinary(this.outputs[outputIndex]!, final?.activation),
      isBare,
      region,
      feed: (x) => this.#feed(x, options),
    });
  }

  predict(x: tf.Tensor4D, options: Pick<SplitOptions, "output" | "input" | "inputs"> = {}): tf.Tensor2D {
    const target = this.#flat.outputs[findOutput(this.outputs, options.output ?? 0)]!;
    const run = this.#plans.get(target) ?? planTo(this.#graph, [target]);
    this.#plans.set(target, run);
    const feed = this.#feed(x, options);
    return tf.tidy(() => toScores(run(feed)[0]!, { binary: false }, true));
  }

  dispose(): void {
    if (!this.#owned) return;
    tf.dispose([...this.#made]);
    const weights = this.#flat.steps.flatMap(({ layer }) => layer.weights.map((weight) => weight.read()));
    this.#model.dispose();
    for (const weight of weights) if (!weight.isDisposed) weight.dispose(); // TensorFlow.js forgets nested models'
  }

  #cut(at: string, end: string): CutOperations {
    const key = JSON.stringify([at, end]);
    const cut = this.#cuts.get(key) ?? cutOperations(this.#graph, at, end);
    this.#cuts.set(key, cut);
    return cut;
  }

  /** Which value is fed to each input. */
  #feed(x: tf.Tensor4D, { input, inputs }: Pick<SplitOptions, "input" | "inputs">): Values {
    const image = findImageInput(this.inputs, input, Object.keys(inputs ?? {}));
    const others = otherInputs(this.inputs, image, inputs);
    return new Map(this.#flat.inputs.map((id, index) => [id, others[index] ?? x]));
  }
}
