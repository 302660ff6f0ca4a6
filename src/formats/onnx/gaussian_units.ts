/**
 * Nodes in a row that are one operator of a newer opset: exporters write x·Φ(x), the Gaussian error linear unit, in five.
 *
 * @module
 */
import type { GraphNode } from "./graph_node.ts";
import type { JoinContext } from "./node_join.ts";
import { NodeWays, partner } from "./node_ways.ts";

/** The opset that has the operator. */
const opsetOfGelu = 20;

/** How far a constant may be from what is meant: it was written with few digits, or in few bits. */
const tolerance = 1e-3;

function isNear(number: number, meant: number): boolean {
  return Math.abs(number - meant) <= tolerance * meant;
}

/** What is divided by √2, whichever way that is written. */
function overRoot(name: string, ways: NodeWays): string | undefined {
  const node = ways.before(name, ["Div", "Mul"]), found = node && ways.withNumber(node);
  return found && isNear(found.number, node.op === "Div" ? Math.SQRT2 : Math.SQRT1_2)
    ? found.other
    : undefined;
}

/** Whether a value is another one times ½. */
function isHalf(name: string, of: string, ways: NodeWays): boolean {
  const node = ways.before(name, ["Mul"]), found = node && ways.withNumber(node);
  return found?.other === of && isNear(found.number, 0.5);
}

/** The last node of x · (1 + erf(x / √2)) · ½, in any order, which is x·Φ(x). */
function lastOfGelu(x: string, sum: string, ways: NodeWays): GraphNode | undefined {
  const first = ways.after(sum, ["Mul"]);
  if (!first) return undefined;
  const second = partner(first, sum);
  if (isHalf(second, x, ways)) return first;
  const last = ways.after(first.outputs[0]!, ["Mul"]);
  if (!last) return undefined;
  const isHalving = (node: GraphNode) => isNear(ways.withNumber(node)?.number ?? 0, 0.5);
  const isLast = second === x ? isHalving(last) : partner(last, first.outputs[0]!) === x && isHalving(first);
  return isLast ? last : undefined;
}

/** What a Gaussian error linear unit takes and the last of its nodes, where an error function is part of one. */
function findGelu(erf: GraphNode, ways: NodeWays): { x: string; last: GraphNode } | undefined {
  const x = overRoot(erf.inputs[0]!, ways), sum = ways.after(erf.outputs[0]!, ["Add"]);
  const added = sum && ways.withNumber(sum);
  if (x === undefined || !added || !isNear(added.number, 1)) return undefined;
  const last = lastOfGelu(x, sum.outputs[0]!, ways);
  return last && { x, last };
}

/**
 * The same nodes, those that end what is one operator in its place; what only led to them is left for whoever drops dead
 * branches.
 */
export function joinGaussianUnits(
  nodes: readonly GraphNode[],
  context: JoinContext,
): readonly GraphNode[] {
  const errors = nodes.filter(({ op, domain }) => op === "Erf" && domain === "");
  if (errors.length === 0) return nodes;
  const ways = new NodeWays(nodes, context);
  const found = new Map(errors.flatMap((erf) => {
    const unit = findGelu(erf, ways);
    return unit ? [[unit.last, unit.x] as const] : [];
  }));
  return nodes.map((node) => {
    const x = found.get(node);
    return x === undefined
      ? node
      : { ...node, op: "Gelu", inputs: [x], attributes: new Map(), opset: opsetOfGelu };
  });
}
