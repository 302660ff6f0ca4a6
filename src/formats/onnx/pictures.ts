import type { GraphNode } from "./graph_node.ts";

/** Operators that take a picture first. */
export const pictureTaking =
  /^(Conv|ConvTranspose|(Global)?(Average|Max|Lp)Pool|BatchNormalization|InstanceNormalization|GroupNormalization|LRN|DepthToSpace|SpaceToDepth|Resize|Upsample)$/;

/** Operators that give a picture where they take one, its axes where they were. */
export const pictureKeeping =
  /^(Add|Sub|Mul|Div|Pow|Sum|Mean|Max|Min|PRelu|Where|Concat|Pad|Slice|Identity|Cast|Dropout|Abs|Ceil|Celu|Clip|Elu|Erf|Exp|Floor|Gelu|Hard(Sigmoid|Swish)|LeakyRelu|Log|Mish|Neg|Relu|Reciprocal|Selu|Sigmoid|Softplus|Softsign|Sqrt|Tanh|ThresholdedRelu)$/;

/** Operators that give a shape alone, of which nothing says how it is best stored. */
export const shapeGiving = /^(Reshape|Squeeze|Unsqueeze|Expand|Tile)$/;

/**
 * Tells which values of four axes become pictures, `[N, C, H, W]`: those that lead to a convolution, a pool or their like with
 * nothing between that moves an axis. A group norm by PyTorch's older exporter is such a value, made of vectors again.
 */
export class PictureFinder {
  readonly #takers = new Map<string, GraphNode[]>();
  readonly #known = new Map<string, boolean>();

  /** @param nodes All nodes of the graph. */
  constructor(nodes: readonly GraphNode[]) {
    for (const node of nodes) {
      for (const name of new Set(node.inputs)) {
        const before = this.#takers.get(name);
        if (before) before.push(node);
        else this.#takers.set(name, [node]);
      }
    }
  }

  /** Whether a value becomes a picture. */
  isPicture(name: string): boolean {
    const known = this.#known.get(name);
    if (known !== undefined) return known;
    const waiting = [name];
    const seen = new Set(waiting);
    let found = false;
    while (waiting.length > 0 && !found) {
      const value = waiting.pop()!;
      for (const { op, domain, inputs, outputs } of this.#takers.get(value) ?? []) {
        if (domain !== "") continue;
        if (pictureTaking.test(op) && inputs[0] === value) found = true;
        if (!pictureKeeping.test(op) || outputs[0] === undefined || seen.has(outputs[0])) continue;
        seen.add(outputs[0]);
        waiting.push(outputs[0]);
      }
    }
    this.#known.set(name, found);
    return found;
  }
}
