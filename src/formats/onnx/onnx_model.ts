import * as tf from "../../base/tfjs.ts";
import { checkOptionTypes } from "../../base/options.ts";
import type { PixelEvidence } from "../../input/evidence.ts";
import type { Preprocessing } from "../../input/preprocess.ts";
import type { Operation } from "../../operations/operation.ts";
import { feedInputs, findImageInput, imageAmong } from "../../split/inputs.ts";
import { type CutPlace, LayerCuts } from "../../split/layer_cuts.ts";
import { isSinglePixel, isSpatial } from "../../split/layer_choice.ts";
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
} from "../../split/model.ts";
import { OperationModel } from "../../split/operation_model.ts";
import { oneByOne } from "../../split/one_by_one.ts";
import { findOutput } from "../../split/outputs.ts";
import { PixelReader } from "../../split/pixels/mod.ts";
import type { ToldGrid } from "../../split/told_grid.ts";
import type { ValuedLayer } from "../../split/windows.ts";
import { findOtherName } from "./layer_names.ts";
import type { LayerList } from "./layer_list.ts";

/** A model's graph, translated. */
export interface OnnxParts {
  readonly operations: readonly Operation[];
  readonly inputs: readonly TensorInfo[];
  readonly outputs: readonly TensorInfo[];
  /** The ids of the outputs' values, in the order of `outputs`. */
  readonly targets: readonly string[];
  readonly list: LayerList;
  /** Whether it computes several pictures at once. */
  readonly takesSeveral: boolean;
  /** The tensors of its weights, which become the model's. */
  readonly weights: readonly tf.Tensor[];
}

/**
 * The layers but for those that a pool over all pixels gives, which in ONNX are pictures of one pixel: that they are passed
 * over is nothing to be told.
 */
function withoutPools(layers: readonly ValuedLayer[]): readonly ValuedLayer[] {
  const isPool = (layer: ValuedLayer) => /Pool|^Reduce/.test(layer.kind) && isSinglePixel(layer);
  const pooled = new Set(layers.filter(isPool).map(({ id }) => id));
  const rest = layers.filter(({ id }) => !pooled.has(id));
  return rest.some(isSpatial) ? rest : layers;
}

/** A model of an ONNX file: its nodes have become operations. */
export class OnnxModel implements ExplainableModel {
  readonly name: string | undefined;
  readonly format = "onnx";
  readonly inputs: readonly TensorInfo[];
  readonly outputs: readonly TensorInfo[];
  readonly labels: readonly string[] | undefined;
  readonly writer: string | undefined;
  readonly notes: readonly string[];
  readonly assumptions: readonly string[];
  readonly #parts: OnnxParts;
  readonly #operations: OperationModel;
  readonly #cuts: LayerCuts;
  readonly #pixels: PixelReader;

  /**
   * @param parts What its graph became.
   * @param record What else is known of it.
   */
  constructor(parts: OnnxParts, record: ModelRecord) {
    this.#parts = parts;
    const { inputs, outputs, operations } = parts;
    this.inputs = inputs;
    this.outputs = outputs;
    this.name = record.name;
    this.labels = record.labels;
    this.writer = record.writer;
    this.notes = record.notes ?? [];
    this.assumptions = record.assumptions ?? [];
    this.#operations = new OperationModel({ operations, inputs: inputs.map(({ name }) => name) });
    const valued = this.layers.map((layer) => ({ ...layer, id: parts.list.values.get(layer.path)! }));
    this.#cuts = new LayerCuts(this.#operations, () => valued);
    const { graph } = this.#operations;
    const paths = () => this.layers.map(({ path }) => path);
    this.#pixels = new PixelReader(() => ({ graph, inputs, outputs, paths: paths() }), record);
  }

  get preprocessing(): Preprocessing | undefined {
    return this.#pixels.preprocessing;
  }

  pixelEvidence(options?: EvidenceOptions): Promise<readonly PixelEvidence[]> {
    return this.#pixels.evidence(options);
  }

  get layers(): readonly LayerInfo[] {
    return this.#parts.list.layers;
  }

  /** Compute once what does not depend on the input. */
  async prepare(): Promise<void> {
    await this.#operations.prepare(this.#parts.targets);
  }

  split(name?: string, options: SplitOptions = {}): SplitModel {
    checkOptionTypes("split()", options, splitRules);
    const { grid, tokens } = options;
    const find = (name: string) => findOtherName(name, this.#parts.list);
    return this.#splitAt(this.#cuts.choose(name, { find, grid, tokens, among: withoutPools }), options);
  }

  attention(told: ToldGrid = {}): AttentionInfo | undefined {
    return this.#cuts.attention(told);
  }

  splitAtAttention(block: number, options: SplitOptions = {}): SplitModel {
    checkOptionTypes("splitAtAttention()", options, splitRules);
    return this.#splitAt(this.#cuts.atAttention(block, options), options);
  }

  splitAtPicture(options: SplitOptions = {}): SplitModel {
    const image = findImageInput(this.inputs, options.input, Object.keys(options.inputs ?? {}));
    const { name } = this.inputs[image]!;
    return this.#splitAt({ layer: name, at: name, warnings: [] }, options);
  }

  predict(x: tf.Tensor4D, options: Pick<SplitOptions, "output" | "input" | "inputs"> = {}): tf.Tensor2D {
    checkOptionTypes("predict()", options, splitRules);
    const target = this.#parts.targets[findOutput(this.outputs, options.output ?? 0)]!;
    return this.#operations.predict(this.#feed(x, options), target);
  }

  [Symbol.dispose](): void {
    this.dispose();
  }

  dispose(): void {
    if (this.#operations.isDisposed) return;
    this.#operations.dispose();
    tf.dispose([...this.#parts.weights]);
  }

  #feed(x: tf.Tensor4D, options: Pick<SplitOptions, "input" | "inputs">): Map<string, tf.Tensor> {
    return feedInputs(this.#operations.graph.inputs, this.inputs, x, options);
  }

  #splitAt(place: CutPlace, options: SplitOptions): SplitModel {
    const output = findOutput(this.outputs, options.output ?? 0);
    const split = this.#operations.split({
      ...place,
      target: this.#parts.targets[output]!,
      shape: this.outputs[output]!.shape,
      image: imageAmong(this.#operations.graph.inputs, this.inputs, options),
      feed: (x) => this.#feed(x, options),
    }, options);
    return this.#parts.takesSeveral ? split : oneByOne(split);
  }
}
