import type * as tf from "../base/tfjs.ts";
import { checkOptionTypes } from "../base/options.ts";
import type { PixelEvidence } from "../input/evidence.ts";
import type { Preprocessing } from "../input/preprocess.ts";
import { type FlatModel, flatten } from "./flatten.ts";
import { type CutPlace, LayerCuts } from "./layer_cuts.ts";
import {
  type AttentionInfo,
  type EvidenceOptions,
  type ExplainableModel,
  type LayerInfo,
  type ModelRecord,
  type SplitModel,
  type SplitOptions,
  splitRules,
  type TensorInfo,
} from "./model.ts";
import { feedInputs, findImageInput, imageAmong } from "./inputs.ts";
import { layerOperations } from "./layer_operations.ts";
import { OperationModel } from "./operation_model.ts";
import { findOutput } from "./outputs.ts";
import { PixelReader } from "./pixels/mod.ts";
import type { ToldGrid } from "./told_grid.ts";

/** A TensorFlow.js layers model: its layers are called one by one, in the order of its graph. */
export class LayersModelAdapter implements ExplainableModel {
  readonly name: string | undefined;
  readonly format: string;
  readonly inputs: readonly TensorInfo[];
  readonly outputs: readonly TensorInfo[];
  readonly labels: readonly string[] | undefined;
  readonly writer: string | undefined;
  readonly notes: readonly string[];
  readonly assumptions: readonly string[];
  readonly #model: tf.LayersModel;
  readonly #flat: FlatModel;
  readonly #owned: boolean;
  readonly #operations: OperationModel;
  readonly #cuts: LayerCuts;
  readonly #pixels: PixelReader;

  /**
   * @param model The model; it stays the caller's unless the record says `owned`.
   * @param record What else is known of it.
   */
  constructor(model: tf.LayersModel, record: ModelRecord = {}) {
    this.#model = model;
    this.#flat = flatten(model);
    this.#owned = record.owned ?? false;
    const { steps, inputs } = this.#flat;
    this.#operations = new OperationModel({ operations: layerOperations(steps), inputs });
    const valued = this.#flat.layers.map((layer) => ({ ...layer, id: this.#flat.values.get(layer.path)! }));
    this.#cuts = new LayerCuts(this.#operations, () => valued);
    this.name = record.name;
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
    this.assumptions = record.assumptions ?? [];
    const { graph } = this.#operations;
    const paths = () => this.layers.map(({ path }) => path);
    const { inputs: pictures, outputs } = this;
    this.#pixels = new PixelReader(() => ({ graph, inputs: pictures, outputs, paths: paths() }), record);
  }

  get preprocessing(): Preprocessing | undefined {
    return this.#pixels.preprocessing;
  }

  pixelEvidence(options?: EvidenceOptions): Promise<readonly PixelEvidence[]> {
    return this.#pixels.evidence(options);
  }

  get layers(): readonly LayerInfo[] {
    return this.#flat.layers;
  }

  /**
   * Compute once what does not depend on the input, when all weights are there.
   *
   * @throws {Error} If the caller holds the model, and may change it or never dispose this.
   */
  async prepare(): Promise<void> {
    if (!this.#owned) throw new Error("Cannot prepare a model that the caller holds");
    await this.#operations.prepare(this.#flat.outputs);
  }

  split(name?: string, options: SplitOptions = {}): SplitModel {
    checkOptionTypes("split()", options, splitRules);
    const { grid, tokens } = options;
    return this.#splitAt(this.#cuts.choose(name, { grid, tokens }), options);
  }

  attention(told: ToldGrid = {}): AttentionInfo | undefined {
    return this.#cuts.attention(told);
  }

  splitAtAttention(block: number, options: SplitOptions = {}): SplitModel {
    checkOptionTypes("splitAtAttention()", options, splitRules);
    return this.#splitAt(this.#cuts.atAttention(block, options), options);
  }

  #splitAt(place: CutPlace, options: SplitOptions): SplitModel {
    const output = findOutput(this.outputs, options.output ?? 0);
    return this.#operations.split({
      ...place,
      target: this.#flat.outputs[output]!,
      shape: this.outputs[output]!.shape,
      image: imageAmong(this.#flat.inputs, this.inputs, options),
      feed: (x) => feedInputs(this.#flat.inputs, this.inputs, x, options),
    }, options);
  }

  splitAtPicture(options: SplitOptions = {}): SplitModel {
    const image = findImageInput(this.inputs, options.input, Object.keys(options.inputs ?? {}));
    const place = { layer: this.inputs[image]!.name, at: this.#flat.inputs[image]!, warnings: [] };
    return this.#splitAt(place, options);
  }

  predict(x: tf.Tensor4D, options: Pick<SplitOptions, "output" | "input" | "inputs"> = {}): tf.Tensor2D {
    checkOptionTypes("predict()", options, splitRules);
    const target = this.#flat.outputs[findOutput(this.outputs, options.output ?? 0)]!;
    return this.#operations.predict(feedInputs(this.#flat.inputs, this.inputs, x, options), target);
  }

  [Symbol.dispose](): void {
    this.dispose();
  }

  dispose(): void {
    if (!this.#owned || this.#operations.isDisposed) return;
    this.#operations.dispose();
    const weights = this.#flat.steps.flatMap(({ layer }) => layer.weights.map((weight) => weight.read()));
    this.#model.dispose();
    for (const weight of weights) if (!weight.isDisposed) weight.dispose(); // TensorFlow.js forgets nested models'
  }
}
