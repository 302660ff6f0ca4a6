import type { GraphNode } from "./graph_nodes.ts";
import type { LayerChoice } from "./layer_choice.ts";
import type { LayerInfo } from "./model.ts";

/** A layer whose value no node of a converted graph holds, but which can be computed. */
export interface RestoredLayer {
  /** The layer's path: that of its nodes without their own names. */
  readonly path: string;
  /** The node that computes it in the restored graph. */
  readonly node: GraphNode;
  /** The node of the converted graph whose value has its shape. */
  readonly like: string;
  /** The node of the converted graph that it stands before. */
  readonly before: string;
  /** What to know where the graph leaves open what the layer is. */
  readonly doubt: string | undefined;
}

/**
 * A graph's layers, the restored ones among the nodes.
 *
 * @param nodes The nodes as layers.
 * @param restored The restored layers.
 */
export function listRestored(nodes: readonly LayerInfo[], restored: readonly RestoredLayer[]): LayerInfo[] {
  return nodes.flatMap((layer) => {
    const before = restored.filter(({ before }) => before === layer.path).map(
      ({ path, node, like: other }) => {
        const isLike = ({ path }: LayerInfo) => path === other;
        const { path: _path, kind: _kind, parameters: _parameters, ...like } = nodes.find(isLike)!;
        return { path, kind: node.op, parameters: layer.parameters, ...like };
      },
    );
    return [...before, layer];
  });
}

/**
 * The restored layer that bears a name in Keras.
 *
 * @param name `outer/inner` inside a nested model, `name:1` for a second call.
 * @param restored The restored layers.
 */
export function findRestoredLayer(
  name: string,
  restored: readonly RestoredLayer[],
): LayerChoice | undefined {
  const [, outer = name, call = "", inner = ""] = /^(.+)(:\d+)(\/.+)?$/.exec(name) ?? [];
  const found = restored.find(({ path }) =>
    `/${path}`.endsWith(`/${outer}${inner}${call.replace(":0", "")}`)
  );
  return found && { path: found.path, warnings: [] };
}
