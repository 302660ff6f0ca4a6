import * as tf from "@tensorflow/tfjs";
import type { Preprocessing } from "../preprocess.ts";
import { type Cut, cutAt } from "./cut.ts";
import { findKerasLayer } from "./graph_names.ts";
import { type GraphNode, isLaterOutput, liveNodes, nodeName } from "./graph_nodes.ts";
import { planTail } from "./graph_tail.ts";
import { chooseLayer } from "./layer_choice.ts";
import type {
  ExplainableModel,
  HeadResult,
  LayerInfo,
  ModelRecord,
  Shape,
  SplitModel,
  SplitOptions,
  TensorInfo,
} from "./mod.ts";
import { findImageInput, otherInputs } from "./inputs.ts";
import { graphModelScaling } from "./own_scaling.ts";
import { findOutput } from "./outputs.ts";
import { activate, type FinalActivation, isBinary, toScores } from "./scores.ts";

/** Height and width to probe a model with that takes any. */
const probeSize = 224;

/** Nodes that only pass on or reshape their first input, so that a softmax before them still ends the model. */
const transparent = new Set(["Identity", "Reshape", "Squeeze", "ExpandDims", "Snapshot", "StopGradient"]);

const finals: Readonly<Record<string, FinalActivation>> = { Softmax: "softmax", Sigmoid: "sigmoid" };

/** A node's values as `execute` takes and gives them; it returns one tensor or a list. */
function execute(model: tf.GraphModel, feed: tf.NamedTensorMap, names: string[]): tf.Tensor[] {
  const result = model.execute(feed, names);
  return Array.isArray(result) ? result : [result];
}

/** A TensorFlow.js graph model: TensorFlow.js runs it, fed and read at inner nodes. */
export class GraphModelAdapter implements ExplainableModel {
  readonly format: string;
  readonly inputs: readonly TensorInfo[];
  readonly outputs: readonly TensorInfo[];
  readonly labels: readonly string[] | undefined;
  readonly preprocessing: Preprocessing | undefined;
  readonly writer: string | undefined;
  readonly notes: readonly string[];
  readonly #model: tf.GraphModel;
  readonly #owned: boolean;
  readonly #nodes: readonly GraphNode[];
  /** The node values that the outputs stand for, in the order of `outputs`. */
  readonly #targets: readonly string[];
  #layers: readonly LayerInfo[] | undefined;

  /**
   * @param model The model; it stays the caller's unless the record says `owned`.
   * @param record What else is known of it.
   */
  constructor(model: tf.GraphModel, record: ModelRecord = {}) {
    this.#model = model;
    this.#owned = record.owned ?? false;
    this.#nodes = liveNodes(model);
    this.format = record.format ?? "tfjs-graph";
    this.inputs = model.inputs.map(({ name, shape }) => ({
      name: nodeName(name),
      shape: unknownAsNull(shape),
    }));
    const signature = (model.modelSignature as { outputs?: Record<string, { name: string }> } | undefined)
      ?.outputs;
    const keys = new Map(Object.entries(signature ?? {}).map(([key, { name }]) => [nodeName(name), key]));
    this.#targets = model.outputs.map(({ name }) => name.replace(/:0$/, ""));
    this.outputs = model.outputs.map(({ name, shape }) => ({
      name: keys.get(nodeName(name)) ?? nodeName(name),
      shape: unknownAsNull(shape),
    }));
    this.labels = record.labels;
    this.writer = record.writer;
    this.notes = record.notes ?? [];
    this.preprocessing = record.preprocessing ?? graphModelScaling(model, this.#nodes);
  }

  /** Found by running the model once, since a converted graph no longer holds the shapes of its nodes. */
  get layers(): readonly LayerInfo[] {
    this.#layers ??= this.#probe();
    return this.#layers;
  }

  split(name?: string, options: SplitOptions = {}): SplitModel {
    const { output = 0, score = "output", region } = options;
    const { path: at, warnings: notes } = chooseLayer(
      this.layers,
      name,
      (name) => findKerasLayer(name, this.layers, this.#nodes),
    );
    const outputIndex = findOutput(this.outputs, output);
    const target = this.#targets[outputIndex]!;
    const final = this.#findFinal(target);
    const warnings = [...notes];
    if (score === "logit" && !final) {
      warnings.push("The model ends in no softmax or sigmoid: its output is taken as the logit");
    }
    const end = score === "logit" && final ? final.node.inputNames[0]! : target;
    const binary = isBinary(this.outputs[outputIndex]!, final?.activation);
    const cut = this.#cut(at, nodeName(end));
    const tailNames = new Set(cut.tail);
    const tail = planTail(this.#model, this.#nodes.filter(({ name }) => tailNames.has(name)), end);
    return {
      layer: at,
      warnings,
      connected: cut.tail.length > 0 || at === nodeName(end),
      finalActivation: final?.activation,
      binary,
      head: (x) => {
        const [activation, ...carried] = this.#head(this.#feed(x, options), [at, ...cut.carried]);
        return { activation: activation as tf.Tensor4D, carried } satisfies HeadResult;
      },
      tail: (activation, carried) =>
        tf.tidy(() => {
          const values: tf.NamedTensorMap = { [at]: activation };
          cut.carried.forEach((id, index) => values[id] = carried[index]!);
          return toScores(values[end] ?? tail(values), { binary, region }, end === target);
        }),
      finish: (scores) => tf.tidy(() => activate(scores, score === "logit" ? final?.activation : undefined)),
    };
  }

  predict(x: tf.Tensor4D, options: Pick<SplitOptions, "output" | "input" | "inputs"> = {}): tf.Tensor2D {
    const target = this.#targets[findOutput(this.outputs, options.output ?? 0)]!;
    const feed = this.#feed(x, options);
    return tf.tidy(() => toScores(this.#head(feed, [target])[0]!, { binary: false }, true));
  }

  dispose(): void {
    if (this.#owned) this.#model.dispose();
  }

  /** Which value is fed to each input. */
  #feed(x: tf.Tensor4D, { input, inputs }: Pick<SplitOptions, "input" | "inputs">): tf.NamedTensorMap {
    const others = otherInputs(this.inputs, findImageInput(this.inputs, input), inputs);
    return Object.fromEntries(this.inputs.map(({ name }, index) => [name, others[index] ?? x]));
  }

  #head(feed: tf.NamedTensorMap, wanted: string[]): tf.Tensor[] {
    const given = new Set(Object.values(feed));
    return tf.tidy(() => {
      const results = execute(this.#model, feed, wanted);
      return results.map((result) => given.has(result) ? result.clone() : result);
    });
  }

  #cut(at: string, end: string): Cut {
    const live = new Set(this.#nodes);
    const order = this.#nodes.map((node) => ({
      id: node.name,
      inputs: node.inputs.filter((input) => live.has(input)).map(({ name }) => name),
    }));
    // TensorFlow.js can be fed one output of a node, not several.
    const plural = new Set(
      this.#nodes.flatMap(({ inputNames }) => inputNames.filter(isLaterOutput).map(nodeName)),
    );
    return cutAt(order, at, end, (id) => !plural.has(id));
  }

  #findFinal(target: string): { node: GraphNode; activation: FinalActivation } | undefined {
    let node = this.#nodes.find(({ name }) => name === nodeName(target));
    while (node) {
      const activation = finals[node.op];
      if (activation) return { node, activation };
      node = transparent.has(node.op) ? node.inputs[0] : undefined;
    }
    return undefined;
  }

  #probe(): LayerInfo[] {
    const inputs = new Set(this.inputs.map(({ name }) => name));
    const names = this.#nodes.map((node) => node.name).filter((node) => !inputs.has(node));
    const shapes = new Map<string, number[]>();
    tf.tidy(() => {
      const feed = Object.fromEntries(
        this.inputs.map(({ name, shape }, index) => [
          name,
          tf.zeros(probeShape(shape), this.#model.inputs[index]!.dtype),
        ]),
      );
      for (const [name, { shape }] of Object.entries(feed)) shapes.set(name, shape);
      execute(this.#model, feed, names).forEach((result, index) => shapes.set(names[index]!, result.shape));
    });
    return this.#nodes.map(({ name: path, op: kind }) => {
      const [batch, ...rest] = shapes.get(path)!;
      const outputShape = batch === undefined ? [] : [batch === 1 ? null : batch, ...rest];
      return { path, kind, outputShape, parent: "", parameters: undefined };
    });
  }
}

/** A shape to run the model with once: a batch of one, a usual size where it takes any. */
function probeShape([, ...rest]: Shape): number[] {
  const [height, width, channels] = rest;
  if (rest.length !== 3) return [1, ...rest.map((size) => size ?? 1)];
  return [1, height ?? probeSize, width ?? probeSize, channels ?? 3];
}

function unknownAsNull(shape: readonly number[] | undefined): (number | null)[] {
  return (shape ?? []).map((size) => size < 0 ? null : size);
}
