import { isChannelCount } from "../../base/tensor_info.ts";
import { isChannelsFirst } from "../../split/graph_nodes.ts";
import type { Constants } from "./constants.ts";
import { giverOf, type NodeJson, shapeOf, valuesOf } from "./graph_json.ts";
import { joining, padding, toLast, unary } from "./operations.ts";

/** Whether a shape cannot be that of a picture whose channels are last. */
function looksChannelsFirst(shape: readonly number[] | undefined): boolean {
  if (shape?.length !== 4) return false;
  const [, first, , last] = shape as [number, number, number, number];
  return isChannelCount(first) && (last < 0 || last > 4);
}

/** Whether a node puts the channels of a picture last. */
function putsLast(node: NodeJson, constants: Constants): boolean {
  return node.op === "Transpose" && constants.integers(valuesOf(node)[1])?.join() === toLast.join();
}

/**
 * The inputs of a graph that are pictures with their channels first, where that is certain: they come to a node that says
 * so, all on the way being of one shape; or a shape that no other picture has is brought to channels last.
 *
 * @param nodes All nodes, each after those it takes values from.
 */
export function turnedInputs(nodes: readonly NodeJson[], constants: Constants): ReadonlySet<string> {
  const takers = new Map<string, NodeJson[]>();
  for (const node of nodes) {
    for (const giver of valuesOf(node).map(giverOf)) takers.set(giver, [...takers.get(giver) ?? [], node]);
  }
  function isTurned(input: NodeJson): boolean {
    const isLikely = looksChannelsFirst(shapeOf(input));
    const reached = new Set([input.name]);
    for (const name of reached) {
      for (const taker of takers.get(name) ?? []) {
        if (isChannelsFirst(taker.op, taker.attr) || (isLikely && putsLast(taker, constants))) return true;
        const keepsShape = unary.has(taker.op) || joining.has(taker.op) || padding.has(taker.op);
        if (keepsShape) reached.add(taker.name);
      }
    }
    return false;
  }
  return new Set(nodes.filter((node) => node.op === "Placeholder" && isTurned(node)).map(({ name }) => name));
}
