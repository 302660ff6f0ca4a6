import * as tf from "../../base/tfjs.ts";
import { ModelError } from "../../base/errors.ts";
import type { Tensor4D } from "../../base/tensors.ts";
import { checkOptionTypes } from "../../base/options.ts";
import type { PixelEvidence } from "../../input/evidence.ts";
import type { Preprocessing } from "../../input/preprocess.ts";
import { feedInputs, findImageInput, imageAmong } from "../../split/inputs.ts";
import type { CutPlace } from "../../split/layer_cuts.ts";
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
import { findOutput } from "../../split/outputs.ts";
import { PixelReader } from "../../split/pixels/mod.ts";
import { splitBySize } from "../../split/split_by_size.ts";
import type { ToldGrid } from "../../split/told_grid.ts";
import { ModelSizes } from "./model_sizes.ts";
import { SizedModel } from "./sized_model.ts";
import type { OnnxGraph, OnnxParts } from "./translate_model.ts";
import type { Weights } from "./weights.ts";

/** A model's graph, translated for pictures of the usual size, and what it was translated from. */
export interface TranslatedModel {
  readonly parts: OnnxParts;
  /** The weights, which become the model's. */
  readonly weights: Weights;
  readonly graph: OnnxGraph;
  /** Give back what its constants are read from. */
  readonly close: () => void;
}

/** What of the options says what goes into a model. */
type Feeding = Pick<SplitOptions, "input" | "inputs">;

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
  readonly #weights: Weights;
  readonly #close: () => void;
  readonly #usual: SizedModel;
  /** Where it takes pictures of any size. */
  readonly #sizes: ModelSizes | undefined;
  readonly #pixels: PixelReader;

  /**
   * @param translated What its graph became.
   * @param record What else is known of it.
   */
  constructor(translated: TranslatedModel, record: ModelRecord) {
    const { parts, weights, close } = translated;
    this.#weights = weights;
    this.#close = close;
    const { inputs, outputs, sizes } = parts;
    this.inputs = inputs;
    this.outputs = outputs;
    this.name = record.name;
    this.labels = record.labels;
    this.writer = record.writer;
    this.notes = record.notes ?? [];
    this.assumptions = record.assumptions ?? [];
    this.#usual = new SizedModel(parts);
    this.#sizes = sizes.size > 0 ? new ModelSizes(this.#usual, translated) : undefined;
    const { graph } = this.#usual.operations;
    const paths = () => this.layers.map(({ path }) => path);
    this.#pixels = new PixelReader(
      () => ({ graph, inputs: inputs.map((input) => withSize(input, parts)), outputs, paths: paths() }),
      record,
    );
  }

  get preprocessing(): Preprocessing | undefined {
    return this.#pixels.preprocessing;
  }

  pixelEvidence(options?: EvidenceOptions): Promise<readonly PixelEvidence[]> {
    return this.#pixels.evidence(options);
  }

  /** Where the model takes pictures of any size, their shapes are those for the usual one. */
  get layers(): readonly LayerInfo[] {
    return this.#usual.parts.list.layers;
  }

  /** Compute once what does not depend on the input. */
  async prepare(): Promise<void> {
    await this.#usual.operations.prepare(this.#usual.parts.targets);
  }

  split(name?: string, options: SplitOptions = {}): SplitModel {
    checkOptionTypes("split()", options, splitRules);
    const place = this.#usual.choose(name, options);
    return this.#splitAt(place, options, (sized) => sized.choose(place.layer, options));
  }

  attention(options: ToldGrid & Feeding = {}): AttentionInfo | undefined {
    const usual = this.#usual.cuts.attention(options);
    if (!usual || !this.#sizes) return usual;
    const gridFor = (x: Tensor4D) =>
      this.#modelFor(this.#feed(x as tf.Tensor4D, options)).cuts.attention(options)?.grid ?? usual.grid;
    return { ...usual, gridFor };
  }

  splitAtAttention(block: number, options: SplitOptions = {}): SplitModel {
    checkOptionTypes("splitAtAttention()", options, splitRules);
    const placeIn = ({ cuts }: SizedModel) => cuts.atAttention(block, options);
    return this.#splitAt(placeIn(this.#usual), options, placeIn);
  }

  splitAtPicture(options: SplitOptions = {}): SplitModel {
    const image = findImageInput(this.inputs, options.input, Object.keys(options.inputs ?? {}));
    const { name } = this.inputs[image]!;
    const place = { layer: name, at: name, warnings: [] };
    return this.#splitAt(place, options, () => place);
  }

  predict(x: tf.Tensor4D, options: Pick<SplitOptions, "output" | "input" | "inputs"> = {}): tf.Tensor2D {
    checkOptionTypes("predict()", options, splitRules);
    const feed = this.#feed(x, options);
    const { operations, parts } = this.#modelFor(feed);
    return operations.predict(feed, parts.targets[findOutput(this.outputs, options.output ?? 0)]!);
  }

  [Symbol.dispose](): void {
    this.dispose();
  }

  dispose(): void {
    const { operations } = this.#usual;
    if (operations.isDisposed) return;
    operations.dispose();
    tf.dispose(this.#weights.tensors);
    this.#close();
  }

  #feed(x: tf.Tensor4D, options: Feeding): Map<string, tf.Tensor> {
    return feedInputs(this.#usual.operations.graph.inputs, this.inputs, x, options);
  }

  /** The model for what goes into it. */
  #modelFor(feed: ReadonlyMap<string, tf.Tensor>): SizedModel {
    if (this.#usual.operations.isDisposed) {
      throw new ModelError("Cannot use a model that was disposed: open it again");
    }
    return this.#sizes?.for(feed) ?? this.#usual;
  }

  /**
   * @param place Where it is cut for pictures of the usual size.
   * @param placeIn Where for others.
   */
  #splitAt(
    place: CutPlace,
    options: SplitOptions,
    placeIn: (sized: SizedModel) => CutPlace,
  ): SplitModel {
    const output = findOutput(this.outputs, options.output ?? 0);
    const cut = (sized: SizedModel, place: CutPlace) =>
      sized.split({
        ...place,
        target: sized.parts.targets[output]!,
        shape: this.outputs[output]!.shape,
        image: imageAmong(sized.operations.graph.inputs, this.inputs, options),
        feed: (x) => this.#feed(x, options),
      }, options);
    const usual = cut(this.#usual, place);
    if (!this.#sizes) return usual;
    return splitBySize(usual, (x) => {
      const sized = this.#modelFor(this.#feed(x as tf.Tensor4D, options));
      return sized === this.#usual ? usual : cut(sized, placeIn(sized));
    });
  }
}

/** An input with the usual size in the place of what is free. */
function withSize(input: TensorInfo, { sizes }: OnnxParts): TensorInfo {
  const size = sizes.get(input.name);
  const [pictures, , , channels] = input.shape;
  return size ? { ...input, shape: [pictures!, ...size, channels!] } : input;
}
