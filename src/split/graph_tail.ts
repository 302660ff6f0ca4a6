import type * as tf from "@tensorflow/tfjs";
import { convolve, multiply } from "./differentiable.ts";
import { type GraphNode, nodeName } from "./graph_nodes.ts";

/** Values by node name. */
type Values = Record<string, tf.Tensor>;

/** A part of the tail, run at once: it adds its values to those there are. */
type Segment = (values: Values) => void;

/** The converter's fused operations that have weights, and how each is run so that its input has a gradient. */
const fused: Readonly<Record<string, (node: GraphNode, x: tf.Tensor, weights: tf.Tensor[]) => tf.Tensor>> = {
  _FusedConv2D: (node, x, weights) => convolveNode(node, x, weights, false),
  FusedDepthwiseConv2dNative: (node, x, weights) => convolveNode(node, x, weights, true),
  _FusedMatMul: (_node, x, [kernel, bias]) => multiply(x as tf.Tensor2D, kernel as tf.Tensor2D, bias),
};

function attribute<T>(node: GraphNode, name: string): T {
  return node.attrParams[name]?.value as T;
}

function convolveNode(
  node: GraphNode,
  x: tf.Tensor,
  [filter, bias]: tf.Tensor[],
  depthwise: boolean,
): tf.Tensor {
  const [, ...strides] = attribute<[number, number, number, number]>(node, "strides");
  const [, ...dilations] = attribute<[number, number, number, number]>(node, "dilations");
  return convolve(x as tf.Tensor4D, {
    filter: filter as tf.Tensor4D,
    bias,
    strides: [strides[0], strides[1]],
    dilations: [dilations[0], dilations[1]],
    pad: attribute<"same" | "valid">(node, "pad"),
    depthwise,
  });
}

/**
 * Whether a node is fused with nothing but a bias. With an activation TensorFlow.js takes it apart by itself
 * under the tape.
 */
function isLinear(node: GraphNode): boolean {
  const operations = attribute<string[] | undefined>(node, "fusedOps") ?? [];
  const isPlain = (attribute<string | undefined>(node, "dataFormat") ?? "NHWC").toUpperCase() === "NHWC" &&
    attribute<string>(node, "pad") !== "explicit" &&
    !attribute<boolean>(node, "transposeA") && !attribute<boolean>(node, "transposeB");
  return isPlain && operations.every((operation) => operation.toLowerCase() === "biasadd");
}

/** The weights that a node takes after its first input, if all of them are the model's own. */
function weightsOf(model: tf.GraphModel, node: GraphNode): tf.Tensor[] | undefined {
  const weights = model.weights as unknown as Readonly<Record<string, tf.Tensor[] | undefined>>;
  const found = node.inputNames.slice(1).flatMap((name) => weights[nodeName(name)]?.[0] ?? []);
  return found.length === node.inputNames.length - 1 ? found : undefined;
}

function ownSegment(model: tf.GraphModel, node: GraphNode): Segment | undefined {
  const operation = fused[node.op];
  const weights = operation && isLinear(node) ? weightsOf(model, node) : undefined;
  if (!operation || !weights) return undefined;
  return (values) => values[node.name] = operation(node, values[node.inputNames[0]!]!, weights);
}

/** A run of nodes that TensorFlow.js executes at once: fed what lies before it, read where others need it. */
function executedSegment(
  model: tf.GraphModel,
  nodes: readonly GraphNode[],
  needed: ReadonlySet<string>,
): Segment {
  const own = new Set(nodes.map(({ name }) => name));
  const wanted = [...needed].filter((value) => own.has(nodeName(value)));
  const taken = new Set(
    nodes.flatMap(({ inputNames }) => inputNames).filter((value) => !own.has(nodeName(value))),
  );
  return (values) => {
    const feed = Object.fromEntries([...taken].flatMap((name) => values[name] ? [[name, values[name]]] : []));
    const result = model.execute(feed, wanted);
    const tensors = Array.isArray(result) ? result : [result];
    wanted.forEach((name, index) => values[name] = tensors[index]!);
  };
}

/**
 * Plan how the nodes between a cut and the scores are run under the tape: by TensorFlow.js in as few calls as
 * possible, but for its fused linear products, whose gradient would include that of the weights.
 *
 * @param model The model that the nodes are of.
 * @param tail The nodes, each after those it takes values from.
 * @param end The value to return.
 * @returns A function from the values at the cut to the value at the end.
 */
export function planTail(
  model: tf.GraphModel,
  tail: readonly GraphNode[],
  end: string,
): (feed: Values) => tf.Tensor {
  const segments: Segment[] = [];
  for (let from = 0; from < tail.length;) {
    const own = ownSegment(model, tail[from]!);
    let to = from + 1;
    if (own) {
      segments.push(own);
    } else {
      while (to < tail.length && !ownSegment(model, tail[to]!)) to++;
      const later = new Set([...tail.slice(to).flatMap(({ inputNames }) => inputNames), end]);
      segments.push(executedSegment(model, tail.slice(from, to), later));
    }
    from = to;
  }
  return (feed) => {
    const values = { ...feed };
    for (const segment of segments) segment(values);
    return values[end]!;
  };
}
