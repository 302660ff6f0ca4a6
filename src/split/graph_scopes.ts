import { type GraphNode, nodeName } from "./graph_nodes.ts";

/** All that a path lies in: `a/b` and `a` of `a/b/c`. */
function scopesOf(path: string): string[] {
  const parts = path.split("/");
  return parts.slice(0, -1).map((_, index) => parts.slice(0, index + 1).join("/"));
}

/** The scopes that all paths lie in which lie in any. */
function commonScopes(paths: readonly string[]): Set<string> {
  const [first = [], ...others] = paths.map(scopesOf).filter((scopes) => scopes.length > 0);
  return new Set(first.filter((scope) => others.every((scopes) => scopes.includes(scope))));
}

/** Whether what leaves a scope is a picture. */
function givesPicture(members: readonly GraphNode[], isPicture: (name: string) => boolean): boolean {
  const taken = new Set(members.flatMap(({ inputNames }) => inputNames.map(nodeName)));
  return members.some(({ name }) => !taken.has(name) && isPicture(name));
}

/**
 * The scope that each node lies inside of, where that gives no picture: a nested model that ends in a vector, or a layer
 * that computes on the way with four axes. As in Keras, a layer's inside does not count as layers.
 *
 * @param nodes The nodes that depend on the model's inputs, in order.
 * @param isPicture Whether a node's value is a picture.
 * @returns By node; `""` for those outside of all such.
 */
export function innerScopes(
  nodes: readonly GraphNode[],
  isPicture: (name: string) => boolean,
): ReadonlyMap<string, string> {
  const common = commonScopes(nodes.map(({ name }) => name).filter(isPicture)); // the model itself
  const members = new Map<string, GraphNode[]>();
  for (const node of nodes) {
    for (const scope of scopesOf(node.name)) {
      const known = members.get(scope);
      if (known) known.push(node);
      else members.set(scope, [node]);
    }
  }
  const closed = new Set(
    [...members].filter(([scope, inside]) => !common.has(scope) && !givesPicture(inside, isPicture))
      .map(([scope]) => scope),
  );
  return new Map(
    nodes.map(({ name }) => [name, scopesOf(name).findLast((scope) => closed.has(scope)) ?? ""]),
  );
}
