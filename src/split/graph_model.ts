import * as tf from "../base/tfjs.ts";
import { namesBackend, reasonIn } from "../../backends/cannot_compute.ts";
import { ComputeError, ModelError } from "../base/errors.ts";
import { sentenceOf } from "../base/sentence.ts";
import { fuse } from "../operations/fuse.ts";
import { plan } from "../operations/plan.ts";
import { checkOptionTypes } from "../base/options.ts";
import { quote } from "../base/quote.ts";
import type { PixelEvidence } from "../input/evidence.ts";
import type { Preprocessing } from "../input/preprocess.ts";
import { fixedBatch } from "./graph_batch.ts";
import { factorDoubts } from "./graph_factors.ts";
import { joinDoubts } from "./graph_joins.ts";
import { findKerasLayer } from "./graph_names.ts";
import { channelsFirstText, type GraphNode, isChannelsFirst, nodeName } from "./graph_nodes.ts";
import { innerScopes } from "./graph_scopes.ts";
import { graphOperations } from "./graph_operations.ts";
import { valueId } from "./graph_translation.ts";
import type { LayerChoice } from "./layer_choice.ts";
import { type CutPlace, LayerCuts } from "./layer_cuts.ts";
import {
  type AttentionInfo,
  type EvidenceOptions,
  type ExplainableModel,
  type LayerInfo,
  type ModelRecord,
  type Shape,
  type SplitModel,
  type SplitOptions,
  splitRules,
  type TensorInfo,
} from "./model.ts";
import { feedInputs, findImageInput, imageAmong } from "./inputs.ts";
import { groupNodeCalls } from "./node_call.ts";
import { type CutRequest, OperationModel } from "./operation_model.ts";
import { findOutput } from "./outputs.ts";
import { PixelReader } from "./pixels/mod.ts";
import { findRestoredLayer, listRestored, type RestoredLayer } from "./restored_layers.ts";
import { nodeStrides } from "./strides.ts";
import type { ToldGrid } from "./told_grid.ts";
import type { ValuedLayer } from "./windows.ts";
import { findTokenGrids, type TokenValue } from "./token_grids.ts";

/** What to probe a model with that takes any: a colour picture's height and width, a volume. */
const usualSizes: ReadonlyMap<number, readonly number[]> = new Map([
  [3, [224, 224, 3]],
  [4, [32, 32, 32, 1]],
]);

/** An output as a graph's signature describes it. */
interface SignatureEntry {
  readonly name: string;
  readonly tensorShape?: { readonly dim?: readonly { readonly size: string | number }[] };
}

/** A TensorFlow.js graph model: its usual nodes are taken apart, all others executed by TensorFlow.js. */
export class GraphModelAdapter implements ExplainableModel {
  readonly name: string | undefined;
  readonly format: string;
  readonly inputs: readonly TensorInfo[];
  readonly outputs: readonly TensorInfo[];
  readonly labels: readonly string[] | undefined;
  readonly writer: string | undefined;
  readonly notes: readonly string[];
  readonly #model: tf.GraphModel;
  readonly #owned: boolean;
  /** How many pictures the graph takes at once; 1 where it takes any number. */
  readonly #batch: number;
  readonly #nodes: readonly GraphNode[];
  /** The node values that the outputs stand for, in the order of `outputs`. */
  readonly #targets: readonly string[];
  readonly #operations: OperationModel;
  readonly #cuts: LayerCuts;
  readonly #pixels: PixelReader;
  /** The layers whose values the converted graph does not hold, and the operations that compute them. */
  readonly #restored: { layers: readonly RestoredLayer[]; operations: OperationModel } | undefined;
  /** What to know of nodes that a name of Keras leads to. */
  #doubts: ReadonlyMap<string, string> | undefined;
  #nodeLayers: readonly LayerInfo[] | undefined;
  #layers: readonly LayerInfo[] | undefined;
  #valued: readonly ValuedLayer[] | undefined;

  /**
   * @param model The model; it stays the caller's unless the record says `owned`.
   * @param record What else is known of it.
   */
  constructor(model: tf.GraphModel, record: ModelRecord = {}) {
    this.#model = model;
    this.#owned = record.owned ?? false;
    const { nodes, operations, restored } = graphOperations(model);
    this.#nodes = nodes;
    this.name = record.name;
    this.format = record.format ?? "tfjs-graph";
    this.#batch = fixedBatch(model.inputs.map(({ shape }) => shape));
    const shapeOf = (shape: readonly number[] | undefined) =>
      forOnePicture(unknownAsNull(shape), this.#batch);
    this.inputs = model.inputs.map(({ name, shape, dtype }) => ({
      name: nodeName(name),
      shape: shapeOf(shape),
      dtype,
    }));
    const signature = (model.modelSignature as { outputs?: Record<string, SignatureEntry> } | undefined)
      ?.outputs;
    const keys = new Map(Object.entries(signature ?? {}).map(([key, { name }]) => [nodeName(name), key]));
    this.#targets = model.outputs.map(({ name }) => valueId(name));
    const inputs = this.inputs.map(({ name }) => name);
    this.#operations = new OperationModel({ operations, inputs, group: groupNodeCalls });
    this.#cuts = new LayerCuts(this.#operations, () => this.#valuedLayers);
    this.#restored = restored && {
      layers: restored.layers,
      operations: new OperationModel({ operations: restored.operations, inputs, group: groupNodeCalls }),
    };
    this.outputs = model.outputs.map(({ name, shape }) => {
      const key = keys.get(nodeName(name));
      const dimensions = key === undefined ? undefined : signature?.[key]?.tensorShape?.dim;
      return {
        name: key ?? nodeName(name),
        shape: shapeOf(shape ?? dimensions?.map(({ size }) => Number(size))),
      };
    });
    this.labels = record.labels;
    this.writer = record.writer;
    this.notes = [
      ...record.notes ?? [],
      ...(this.#batch > 1 ? [`converted for ${this.#batch} pictures at once: it is given one`] : []),
    ];
    const { graph } = this.#operations;
    const paths = () => [...nodes.map(({ name }) => name), ...Object.keys(model.weights)];
    const { inputs: pictures, outputs } = this;
    const nameOf = (weight: tf.Tensor) =>
      Object.keys(model.weights).find((name) => [model.weights[name]!].flat().includes(weight));
    this.#pixels = new PixelReader(
      () => ({ graph, inputs: pictures, outputs, paths: paths(), nameOf }),
      record,
    );
  }

  get preprocessing(): Preprocessing | undefined {
    return this.#pixels.preprocessing;
  }

  pixelEvidence(options?: EvidenceOptions): Promise<readonly PixelEvidence[]> {
    return this.#pixels.evidence(options);
  }

  /** Found by running the model once, since a converted graph no longer holds the shapes of its nodes. */
  get layers(): readonly LayerInfo[] {
    this.#nodeLayers ??= this.#probe();
    this.#layers ??= listRestored(this.#nodeLayers, this.#restored?.layers ?? []);
    return this.#layers;
  }

  /** The layers with the ids of their values, which are their nodes' names. */
  get #valuedLayers(): readonly ValuedLayer[] {
    return this.#valued ??= this.layers.map((layer) => ({ ...layer, id: layer.path }));
  }

  /** Compute once what does not depend on the input. The model's own weights stay as they are. */
  async prepare(): Promise<void> {
    await this.#operations.prepare(this.#targets);
  }

  split(name?: string, options: SplitOptions = {}): SplitModel {
    checkOptionTypes("split()", options, splitRules);
    const { grid, tokens } = options;
    const find = (name: string) => this.#findLayer(name);
    const place = this.#cuts.choose(name, { find, grid, tokens });
    const restored = this.#restored?.layers.find(({ path }) => path === place.layer);
    const request = this.#requestAt(place, options);
    if (!restored) return this.#operations.split(request, options);
    const { node, doubt } = restored;
    return this.#restored!.operations.split({
      ...request,
      at: node.name,
      warnings: doubt === undefined ? place.warnings : [...place.warnings, doubt],
    }, options);
  }

  attention(told: ToldGrid = {}): AttentionInfo | undefined {
    return this.#cuts.attention(told);
  }

  splitAtAttention(block: number, options: SplitOptions = {}): SplitModel {
    checkOptionTypes("splitAtAttention()", options, splitRules);
    return this.#operations.split(this.#requestAt(this.#cuts.atAttention(block, options), options), options);
  }

  /** What is asked of the operations for a cut at a place. */
  #requestAt(place: CutPlace, options: SplitOptions): CutRequest {
    const target = this.#targetOf(options);
    return {
      ...place,
      target,
      shape: this.#shapeOf(target),
      image: imageAmong(this.#operations.graph.inputs, this.inputs, options),
      feed: (x) => this.#feed(x, options),
    };
  }

  splitAtPicture(options: SplitOptions = {}): SplitModel {
    const index = findImageInput(this.inputs, options.input, Object.keys(options.inputs ?? {}));
    const at = this.#operations.graph.inputs[index]!;
    const request = this.#requestAt({ layer: this.inputs[index]!.name, at, warnings: [] }, options);
    return this.#operations.split({ ...request, image: at }, options);
  }

  predict(x: tf.Tensor4D, options: Pick<SplitOptions, "output" | "input" | "inputs"> = {}): tf.Tensor2D {
    checkOptionTypes("predict()", options, splitRules);
    return this.#operations.predict(this.#feed(x, options), this.#targetOf(options));
  }

  [Symbol.dispose](): void {
    this.dispose();
  }

  dispose(): void {
    this.#operations.dispose();
    if (this.#owned) this.#model.dispose();
  }

  /** @throws {ModelError} If an output does not depend on the inputs. */
  #shapeOf(target: string): Shape {
    const shape = this.layers.find(({ path }) => path === nodeName(target))?.outputShape;
    if (shape) return shape;
    throw new ModelError(`Cannot explain output ${quote(target)}: it does not depend on the model's inputs`);
  }

  /** What a name of Keras means here. */
  #findLayer(name: string): LayerChoice | undefined {
    return findRestoredLayer(name, this.#restored?.layers ?? []) ??
      this.#withDoubt(findKerasLayer(name, this.#nodeLayers!, this.#nodes));
  }

  /** A choice, and whether it may be another layer's value. */
  #withDoubt(choice: LayerChoice | undefined): LayerChoice | undefined {
    if (!choice) return undefined;
    this.#doubts ??= new Map([...joinDoubts(this.#nodes), ...factorDoubts(this.#nodes)]);
    const doubt = this.#doubts.get(choice.path);
    return doubt === undefined ? choice : { path: choice.path, warnings: [...choice.warnings, doubt] };
  }

  #targetOf({ output = 0 }: Pick<SplitOptions, "output">): string {
    return this.#targets[findOutput(this.outputs, output)]!;
  }

  #feed(x: tf.Tensor4D, options: Pick<SplitOptions, "input" | "inputs">): Map<string, tf.Tensor> {
    return feedInputs(this.#operations.graph.inputs, this.inputs, x, options);
  }

  #cannotRun(what: string, cause?: unknown): ComputeError {
    const message = this.#batch === 1
      ? `Cannot run the model: ${what}`
      : `Cannot run the model with one picture, since it was converted for ${this.#batch}: ${
        reasonIn(what)
      }: convert it for any number`;
    return new ComputeError(message, { cause });
  }

  /** The nodes with the shapes that they have when the model is run once. */
  #probe(): LayerInfo[] {
    const turned = this.#nodes.find(({ op, rawAttrs }) => isChannelsFirst(op, rawAttrs));
    if (turned) throw new ModelError(`Cannot run the model: ${channelsFirstText(turned.name)}`);
    const names = this.#nodes.map(({ name }) => name);
    const shapes = new Map<string, readonly number[]>();
    const { operations, inputs } = this.#operations.graph;
    const probe = plan(fuse(operations, { wanted: names, mode: "exact" }), inputs, []);
    tf.tidy(() => {
      try {
        const feed = new Map(this.inputs.map(({ name, shape }, index) => [
          name,
          tf.zeros(probeShape(shape), this.#model.inputs[index]!.dtype) as tf.Tensor,
        ]));
        for (const [name, { shape }] of feed) shapes.set(name, shape);
        probe.run(feed, (id, { shape }) => shapes.set(id, shape));
      } catch (error) {
        if (error instanceof ComputeError && (this.#batch === 1 || namesBackend(error.message))) {
          throw error;
        }
        const isDamaged = error instanceof TypeError && !error.message.startsWith("Unknown op");
        throw this.#cannotRun(isDamaged ? "its graph is damaged" : sentenceOf(error), error);
      }
    });
    const isOfAll = ([size, ...rest]: readonly number[] = []) => size === this.#batch && rest.length > 0;
    const mixed = this.#batch > 1 && this.#targets.find((id) => isOfAll(shapes.get(id)));
    if (mixed) throw this.#cannotRun(`${quote(mixed)} is not of one picture`);
    const pictures = inputs.filter((name) => shapes.get(name)!.length === 4);
    const strides = nodeStrides(this.#nodes, pictures, shapes);
    const scopes = innerScopes(this.#nodes, (name) => shapes.get(name)?.length === 4);
    const places = findTokenGrids(this.#tokenValues(shapes), strides);
    return this.#nodes.map(({ name: path, op: kind }) => {
      const [batch, ...rest] = shapes.get(path)!;
      const outputShape = batch === undefined ? [] : [batch === 1 ? null : batch, ...rest];
      return {
        path,
        kind,
        outputShape,
        parent: scopes.get(path)!,
        parameters: undefined,
        stride: strides.get(path) ?? places.get(path)?.stride,
        ...(places.get(path)?.tokens && { tokens: places.get(path)!.tokens }),
      };
    });
  }

  /** The nodes as far as tokens go. */
  #tokenValues(shapes: ReadonlyMap<string, Shape>): TokenValue[] {
    const constantShape = (name: string) => [this.#model.weights[name] ?? []].flat()[0]?.shape;
    return this.#nodes.map(({ name: id, op: kind, inputs }) => {
      const taken = kind === "ConcatV2" ? inputs.slice(0, -1) : inputs;
      const axis = kind === "ConcatV2"
        ? [this.#model.weights[inputs.at(-1)!.name] ?? []].flat()[0]
        : undefined;
      return {
        id,
        kind,
        shape: shapes.get(id),
        inputs: taken.map(({ name }) => shapes.has(name) ? name : undefined),
        inputShapes: taken.map(({ name }) => shapes.get(name) ?? constantShape(name)),
        axis: axis && axisIn(axis),
      };
    });
  }
}

/** An axis that is a constant of the graph; `undefined` where it cannot be read at once. */
function axisIn(constant: tf.Tensor): number | undefined {
  try {
    return constant.dataSync()[0];
  } catch {
    return undefined; // on a GPU already
  }
}

/** A shape to run the model with once: a batch of one, a usual size where it takes any. */
function probeShape([, ...rest]: Shape): number[] {
  const usual = usualSizes.get(rest.length);
  return [1, ...rest.map((size, axis) => size ?? usual?.[axis] ?? 1)];
}

/** A shape as it is for one picture: the first axis free where the graph says how many pictures there are. */
function forOnePicture(shape: Shape, batch: number): Shape {
  return batch > 1 && shape[0] === batch ? [null, ...shape.slice(1)] : shape;
}

function unknownAsNull(shape: readonly number[] | undefined): (number | null)[] {
  return (shape ?? []).map((size) => size < 0 ? null : size);
}

/**
 * Explain a graph model that was opened here, its batch norms folded into the weights before them.
 *
 * @param model The model; it becomes this one's.
 * @param record What else is known of it.
 */
export async function openGraphModel(model: tf.GraphModel, record: ModelRecord): Promise<ExplainableModel> {
  const adapter = new GraphModelAdapter(model, { ...record, owned: true });
  await adapter.pixelEvidence(); // before weights are folded into others
  await adapter.prepare();
  return adapter;
}
