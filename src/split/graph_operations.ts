import type * as tf from "@tensorflow/tfjs";
import type { Operation } from "../operations/operation.ts";
import { type GraphNode, isLaterOutput, nodeName } from "./graph_nodes.ts";
import { type NodeContext, valueId } from "./graph_translation.ts";
import { translators } from "./graph_translators.ts";
import { NodeCall } from "./node_call.ts";

/** Nodes that only give their first input another shape, computed in the graph maybe. */
const reshapes = new Set(["ExpandDims", "Reshape", "Squeeze"]);

/** Nodes whose values are no float32: TensorFlow.js cannot be fed these. */
const unfeedable = new Set([
  "ArgMax",
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

/**
 * What the nodes of a converted graph compute.
 *
 * @param model The model.
 * @param nodes Its nodes that depend on the input, in order.
 */
export function graphOperations(model: tf.GraphModel, nodes: readonly GraphNode[]): Operation[] {
  const weights = model.weights as unknown as Readonly<Record<string, tf.Tensor[] | undefined>>;
  const taken = new Set(nodes.flatMap(({ inputNames }) => inputNames.map(valueId)));
  const plural = new Set([...taken].filter(isLaterOutput).map(nodeName));
  const live = new Set(nodes);
  return nodes.filter(({ inputs }) => inputs.some((input) => live.has(input))).flatMap(
    (node): Operation[] => {
      const [input = ""] = node.inputNames.map(valueId);
      const constant = (index: number) => weights[nodeName(node.inputNames[index] ?? "")]?.[0];
      const isLive = (index: number) => live.has(node.inputs[index]!);
      const context: NodeContext = {
        node,
        input,
        output: node.name,
        isLive,
        constant,
        numbers: (index) => numbersOf(constant(index)),
        attribute: <T>(name: string) => node.attrParams[name]?.value as T | undefined,
      };
      const isOwn = !plural.has(node.name) && (isLive(0) || isLive(1));
      const translated = isOwn ? translators[node.op]?.(context) : undefined;
      if (translated) return translated;
      const outputs = [...new Set([node.name, ...[...taken].filter((id) => nodeName(id) === node.name)])];
      const passesOn = reshapes.has(node.op) ? input : undefined;
      return [new NodeCall(model, [...new Set(valuesToFeed(node, live, plural))], outputs, passesOn)];
    },
  );
}

function numbersOf(tensor: tf.Tensor | undefined): number[] | undefined {
  try {
    return tensor && Array.from(tensor.dataSync());
  } catch {
    return undefined; // on a GPU already, from where nothing can be read without waiting
  }
}
