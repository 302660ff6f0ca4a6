import * as tf from "../base/tfjs.ts";
import type { Operation } from "../operations/operation.ts";
import { fixedWeight, type Weight } from "../operations/weight.ts";
import type { RestoredGraph, RestoreOptions } from "./graph_edits.ts";
import { restoreJoins } from "./graph_joins.ts";
import { restoreMaxima } from "./graph_maxima.ts";
import { fixedBatch } from "./graph_batch.ts";
import { type GraphNode, isLaterOutput, liveNodes, nodeName } from "./graph_nodes.ts";
import { type Operand, valueId } from "./graph_translation.ts";
import { translators } from "./graph_translators.ts";
import { NodeCall } from "./node_call.ts";
import type { RestoredLayer } from "./restored_layers.ts";

/** Nodes that only give their first input another shape, computed in the graph maybe. */
const reshapes = new Set(["ExpandDims", "Reshape", "Squeeze"]);

/** Nodes that hand on what they take. */
const handingOn = new Set(["Identity", "Snapshot", "StopGradient"]);

/** Nodes whose values are no float32: TensorFlow.js cannot be fed these. */
const unfeedable = new Set([
  "ArgMax",
  "Complex",
  "Equal",
  "Greater",
  "GreaterEqual",
  "Less",
  "LessEqual",
  "LogicalAnd",
  "LogicalNot",
  "LogicalOr",
  "NotEqual",
  "Pack",
  "RFFT",
  "Range",
  "Shape",
]);

/**
 * The values to feed so that a node can be executed. TensorFlow.js can be fed one output of a node, not several: nodes
 * with more are executed too.
 */
function valuesToFeed(node: GraphNode, live: ReadonlySet<GraphNode>, plural: ReadonlySet<string>): string[] {
  return node.inputs.flatMap((input, index) => {
    if (!live.has(input)) return [];
    return plural.has(input.name) || unfeedable.has(input.op)
      ? valuesToFeed(input, live, plural)
      : [valueId(node.inputNames[index]!)];
  });
}

/** Whether a constant mixes channels: means and deviations are of one axis. */
function isKernel(constant: tf.Tensor | undefined): boolean {
  return constant !== undefined && constant.shape.filter((size) => size > 1).length > 1;
}

/** How the nodes of a graph become operations. */
class Translation {
  readonly #model: tf.GraphModel;
  readonly #weights: Readonly<Record<string, tf.Tensor[] | undefined>>;
  readonly #live: ReadonlySet<GraphNode>;
  /** The values that some node takes. */
  readonly #taken: readonly string[];
  /** The nodes that more than their first value is taken of. */
  readonly #plural: ReadonlySet<string>;
  /** Under which name the model has the value of a node, where it is another. */
  readonly #aliases: ReadonlyMap<string, string>;
  readonly #batch: number;

  constructor(
    model: tf.GraphModel,
    nodes: readonly GraphNode[],
    aliases: ReadonlyMap<string, string> = new Map(),
  ) {
    this.#model = model;
    this.#aliases = aliases;
    this.#batch = fixedBatch(model.inputs.map(({ shape }) => shape));
    this.#weights = model.weights as unknown as Readonly<Record<string, tf.Tensor[] | undefined>>;
    this.#live = new Set(nodes);
    this.#taken = [...new Set(nodes.flatMap(({ inputNames }) => inputNames.map(valueId)))];
    this.#plural = new Set(this.#taken.filter(isLaterOutput).map(nodeName));
  }

  /** A node taken apart; `undefined` where TensorFlow.js is to execute it. */
  takeApart(node: GraphNode): Operation[] | undefined {
    const isLive = (index: number) => this.#live.has(node.inputs[index]!);
    const constant = (index: number) => this.#weightOf(node.inputs[index]);
    const isOwn = !this.#plural.has(node.name) &&
      (isLive(0) || isLive(1) || node.op === "Conv2DBackpropInput");
    return isOwn
      ? translators[node.op]?.({
        node,
        input: valueId(node.inputNames[0] ?? ""),
        output: node.name,
        isLive,
        constant,
        batch: this.#batch,
        operand: (index) => this.#operand(node, index),
        numbers: (index) => {
          const operand = this.#operand(node, index);
          return operand === undefined || typeof operand === "string" ? undefined : numbersOf(operand);
        },
        attribute: <T>(name: string) => node.attrParams[name]?.value as T | undefined,
      })
      : undefined;
  }

  /** The weight that a node is, or hands on. */
  #weightOf(node: GraphNode | undefined): tf.Tensor | undefined {
    let origin = node;
    while (origin && handingOn.has(origin.op) && !this.#live.has(origin)) origin = origin.inputs[0];
    return origin && this.#weights[origin.name]?.[0];
  }

  /** One of a node's inputs: what is computed of weights alone is computed when it is needed. */
  #operand(node: GraphNode, index: number): Operand | undefined {
    const [input, name] = [node.inputs[index], node.inputNames[index]];
    if (!input || name === undefined) return undefined;
    if (this.#live.has(input)) return valueId(name);
    const weight = this.#weightOf(input);
    return weight
      ? fixedWeight(weight)
      : { read: () => this.#model.execute({}, [valueId(name)]) as tf.Tensor };
  }

  /** What all nodes compute that take values. */
  operations(): Operation[] {
    return [...this.#live].filter(({ inputs }) => inputs.some((input) => this.#live.has(input)))
      .flatMap((node): Operation[] => this.takeApart(node) ?? [this.#call(node)]);
  }

  /** A node that TensorFlow.js executes. */
  #call(node: GraphNode): NodeCall {
    const outputs = [...new Set([node.name, ...this.#taken.filter((id) => nodeName(id) === node.name)])];
    const passesOn = reshapes.has(node.op) ? valueId(node.inputNames[0] ?? "") : undefined;
    const inputs = [...new Set(valuesToFeed(node, this.#live, this.#plural))];
    const isWeighted = node.inputNames.some((name) => isKernel(this.#weights[nodeName(name)]?.[0]));
    const kinds = [node.op, ...(node.attrParams.fusedOps?.value as string[] | undefined) ?? []];
    const hasRectifier = kinds.some((kind) => /relu|clipbyvalue/i.test(kind));
    const parts = { inputs, outputs, aliases: this.#aliases, passesOn, isWeighted, hasRectifier };
    return new NodeCall(this.#model, parts);
  }
}

/** A graph as operations. */
export interface GraphParts {
  /** The nodes that depend on the input, each after those it takes values from. */
  readonly nodes: readonly GraphNode[];
  /** What they compute. The id of a value is its node's name. */
  readonly operations: readonly Operation[];
  /** The same in the order of the model that it was converted from, where that is another. */
  readonly restored?: {
    readonly operations: readonly Operation[];
    /** The layers that only this order has. */
    readonly layers: readonly RestoredLayer[];
  } | undefined;
}

/** A graph in the order of the model that it was converted from, where TensorFlow's optimiser changed that. */
function restoreOrder(nodes: readonly GraphNode[], options: RestoreOptions): RestoredGraph | undefined {
  const joins = restoreJoins(nodes, options);
  const maxima = restoreMaxima(joins?.nodes ?? nodes, options);
  if (!joins || !maxima) return joins ?? maxima;
  return {
    nodes: maxima.nodes,
    aliases: new Map([...joins.aliases, ...maxima.aliases]),
    layers: [...joins.layers, ...maxima.layers],
  };
}

/**
 * What a converted graph computes.
 *
 * @param model The model.
 */
export function graphOperations(model: tf.GraphModel): GraphParts {
  const nodes = liveNodes(model);
  const byName = new Map(nodes.map((node) => [node.name, node]));
  const translation = new Translation(model, nodes);
  const restored = restoreOrder(nodes, {
    outputs: new Set(model.outputs.map(({ name }) => nodeName(name))),
    canMove({ name }) {
      const node = byName.get(name);
      return node !== undefined && translation.takeApart(node) !== undefined;
    },
  });
  return {
    nodes,
    operations: translation.operations(),
    restored: restored && {
      operations: new Translation(model, restored.nodes, restored.aliases).operations(),
      layers: restored.layers,
    },
  };
}

function numbersOf(weight: Weight): number[] | undefined {
  try {
    return tf.tidy(() => Array.from(weight.read().dataSync()));
  } catch {
    return undefined; // on a GPU already, from where nothing can be read without waiting, or not to be computed
  }
}
