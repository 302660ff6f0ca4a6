import type * as tf from "../base/tfjs.ts";
import { ModelError } from "../base/errors.ts";
import { quote } from "../base/quote.ts";

/** Attributes of a node as its file has them. */
export type RawAttributes = Readonly<
  Record<
    string,
    { readonly b?: boolean; readonly f?: number; readonly i?: unknown; readonly s?: unknown } | undefined
  >
>;

/** What is used of a node of a converted graph. */
export interface GraphNode {
  /** The node's name. */
  readonly name: string;
  /** TensorFlow's operation, or a fused one. */
  readonly op: string;
  /** The nodes it takes values from, in order. */
  readonly inputs: readonly GraphNode[];
  /** The values it takes: node names, with `:i` for an output other than the first. */
  readonly inputNames: readonly string[];
  /** Attributes as the converter read them. */
  readonly attrParams: Readonly<Record<string, { readonly value?: unknown } | undefined>>;
  /** Attributes as the file has them. */
  readonly rawAttrs?: RawAttributes;
}

/** What is used of a graph. */
interface Graph {
  readonly nodes: Readonly<Record<string, GraphNode>>;
  readonly placeholders: readonly GraphNode[];
}

/** Operations on pictures that TensorFlow.js computes as if their channels came last, or on one backend alone. */
const ofPictures =
  /^(_?Fused(Depthwise)?Conv2[Dd].*|(Depthwise)?Conv2[Dd].*|(Max|Avg)Pool|BiasAdd|_?FusedBatchNorm.*)$/;

/** Channels before height and width, as a file says it: plain, or in base64. */
const channelsFirst: ReadonlySet<unknown> = new Set(["NCHW", "TkNIVw=="]);

/** Whether a node has the channels of its pictures before height and width. */
export function isChannelsFirst(op: string, attributes?: RawAttributes | null): boolean {
  if (!ofPictures.test(op) || !channelsFirst.has(attributes?.["data_format"]?.s)) return false;
  // By the statistics of the batch itself it is a part of a layer normalisation, which is computed here.
  return !op.includes("FusedBatchNorm") || attributes?.["is_training"]?.b === false;
}

/** What to say of such a node. */
export function channelsFirstText(name: string): string {
  return `its node ${quote(name)} has its channels first: convert the model with channels last`;
}

/** A node's name without the index of its output. */
export function nodeName(value: string): string {
  const colon = value.lastIndexOf(":");
  return colon > 0 && /^\d+$/.test(value.slice(colon + 1)) ? value.slice(0, colon) : value;
}

/** Whether a value is another than its node's first output. */
export function isLaterOutput(value: string): boolean {
  return value !== nodeName(value) && !value.endsWith(":0");
}

/** The graph of a model. TensorFlow.js keeps it private; there is no public way to the nodes. */
function graphOf(model: tf.GraphModel): Graph {
  const { executor } = model as unknown as { executor?: { graph?: Graph } };
  if (!executor?.graph) throw new ModelError("Cannot read the graph of a model that is not loaded");
  return executor.graph;
}

/**
 * The nodes of a model that depend on its input, each after those it takes values from. Weights and what is
 * computed from weights alone are left to TensorFlow.js.
 *
 * @param model A loaded graph model.
 */
export function liveNodes(model: tf.GraphModel): GraphNode[] {
  const { nodes, placeholders } = graphOf(model);
  const order: GraphNode[] = [];
  const live = new Map<GraphNode, boolean>();
  function visit(node: GraphNode): boolean {
    const known = live.get(node);
    if (known !== undefined) return known;
    live.set(node, false);
    const isLive = placeholders.includes(node) || node.inputs.map(visit).includes(true);
    live.set(node, isLive);
    if (isLive) order.push(node);
    return isLive;
  }
  Object.values(nodes).forEach(visit);
  return order;
}

/**
 * Have TensorFlow.js execute nodes. A placeholder takes one picture, whatever number the graph was converted for.
 *
 * @param feed Values by the names of the nodes that give them.
 * @param outputs The values to return.
 */
export function executeNodes(
  model: tf.GraphModel,
  feed: tf.NamedTensorMap,
  outputs: readonly string[],
): tf.Tensor[] {
  const { nodes } = graphOf(model);
  const shapes = Object.keys(feed).map((name) => nodes[nodeName(name)]?.attrParams["shape"]?.value);
  const fixed = shapes.filter((shape) => Array.isArray(shape) && shape[0] > 1) as number[][];
  const sizes = fixed.map(([size]) => size!);
  for (const shape of fixed) shape[0] = -1;
  try {
    const result = model.execute(feed, [...outputs]);
    return Array.isArray(result) ? result : [result];
  } finally {
    fixed.forEach((shape, at) => shape[0] = sizes[at]!);
  }
}
