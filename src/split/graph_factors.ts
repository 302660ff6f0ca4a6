import { quote } from "../base/quote.ts";
import { countUsers } from "./graph_edits.ts";
import type { GraphNode } from "./graph_nodes.ts";

/** Operations in a row of which the order is open. */
const associative: ReadonlySet<string> = new Set(["Add", "AddV2", "Mul"]);

/**
 * What to know of a product or sum with a constant that another such takes: TensorFlow's optimiser moves constants along
 * such a row, c (x y) = (c x) y, and the names stay.
 *
 * @param nodes The nodes that depend on the model's inputs.
 */
export function factorDoubts(nodes: readonly GraphNode[]): ReadonlyMap<string, string> {
  const live = new Set(nodes);
  const users = countUsers(nodes);
  const isMixed = ({ op, inputs }: GraphNode) =>
    associative.has(op) && inputs.length === 2 && inputs.filter((input) => live.has(input)).length === 1;
  return new Map(
    nodes.flatMap((node) =>
      node.inputs.filter((input) => input.op === node.op && isMixed(input) && users.get(input.name) === 1)
        .map(({ name }) =>
          [
            name,
            `The converted graph leaves open what ${
              quote(name)
            } combined with its constant: the map is of what the graph holds`,
          ] as const
        )
    ),
  );
}
