import type * as tf from "../base/tfjs.ts";
import type { WindowGrid } from "../operations/window_view.ts";
import { checkOptionTypes } from "../base/options.ts";
import type { PixelEvidence } from "../input/evidence.ts";
import type { Preprocessing } from "../input/preprocess.ts";
import { type FlatModel, flatten } from "./flatten.ts";
import { chooseLayer, type CutLayer } from "./layer_choice.ts";
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
import { type CutRequest, OperationModel } from "./operation_model.ts";
import { findOutput } from "./outputs.ts";
import { PixelReader } from "./pixels/mod.ts";
import type { ToldGrid } from "./told_grid.ts";
import { findTransformer, standIn, type Transformer } from "./transformer.ts";

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
    const transformer = { lastBlock: () => this.#lastBlock() };
    const layer = chooseLayer(this.layers, name, { transformer, grid, tokens });
    return this.#splitAt(layer, this.#flat.values.get(layer.path)!, options);
  }

  /** How the tokens of a layer lie that are in windows. */
  #windowsAt(path: string): WindowGrid | undefined {
    if (!this.layers.some((layer) => layer.path === path)) return undefined; // the picture is no layer of a Sequential
    const id = (layer: LayerInfo) => this.#flat.values.get(layer.path)!;
    return this.#operations.windowsAt(path, this.layers.map((layer) => ({ ...layer, id: id(layer) })));
  }

  attention(told: ToldGrid = {}): AttentionInfo | undefined {
    return this.#transformer(told);
  }

  splitAtAttention(block: number, options: SplitOptions = {}): SplitModel {
    checkOptionTypes("splitAtAttention()", options, splitRules);
    const { blocks } = this.#transformer(options)!;
    const { weights } = blocks[block]!;
    const choice = { path: weights, warnings: [], tokens: undefined };
    return this.#splitAt(choice, weights, options, standIn(blocks, block));
  }

  #transformer(told: ToldGrid): Transformer | undefined {
    const pathsOf = (id: string) => [...this.#flat.values].flatMap(([path, value]) => value === id ? [path] : []);
    return findTransformer({ blocks: this.#operations.attentionBlocks, layers: this.layers, pathsOf }, told);
  }

  /** The path of what goes into the last block of a transformer. */
  #lastBlock(): string | undefined {
    const block = this.#operations.attentionBlocks.at(-1);
    return block && [...this.#flat.values].findLast(([, id]) => id === block.input)?.[0];
  }

  #splitAt(
    { path: layer, warnings, tokens }: CutLayer,
    at: string,
    options: SplitOptions,
    instead?: CutRequest["instead"],
  ): SplitModel {
    const output = findOutput(this.outputs, options.output ?? 0);
    return this.#operations.split({
      layer,
      at,
      tokens,
      windows: tokens || instead ? undefined : this.#windowsAt(layer),
      instead,
      target: this.#flat.outputs[output]!,
      shape: this.outputs[output]!.shape,
      warnings,
      image: imageAmong(this.#flat.inputs, this.inputs, options),
      feed: (x) => feedInputs(this.#flat.inputs, this.inputs, x, options),
    }, options);
  }

  splitAtPicture(options: SplitOptions = {}): SplitModel {
    const image = findImageInput(this.inputs, options.input, Object.keys(options.inputs ?? {}));
    return this.#splitAt(
      { path: this.inputs[image]!.name, warnings: [], tokens: undefined },
      this.#flat.inputs[image]!,
      options,
    );
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
