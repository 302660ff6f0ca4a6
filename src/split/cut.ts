/** A value computed in a model and the values it is computed from. */
export interface Vertex {
  /** Unique in the model. */
  readonly id: string;
  /** The ids it is computed from. */
  readonly inputs: readonly string[];
}

/** A model's values divided by a cut. */
export interface Cut {
  /** What must be computed before the cut, in order; the cut itself is the last or stands among them. */
  readonly head: readonly string[];
  /** What lies between the cut and the output, in order. Empty if the output does not depend on the cut. */
  readonly tail: readonly string[];
  /** Values of the head that the tail needs besides the cut: what skips past it. */
  readonly carried: readonly string[];
}

/** `targets` and all they are computed from. */
function ancestors(vertices: ReadonlyMap<string, Vertex>, targets: readonly string[]): Set<string> {
  const found = new Set<string>();
  const open = [...targets];
  while (open.length > 0) {
    const id = open.pop()!;
    if (found.has(id)) continue;
    found.add(id);
    open.push(...vertices.get(id)?.inputs ?? []);
  }
  return found;
}

/**
 * Divide a model at one of its values.
 *
 * @param order All values, each after those it is computed from.
 * @param at The value to cut at.
 * @param output The value that the tail ends with.
 */
export function cutAt(order: readonly Vertex[], at: string, output: string): Cut {
  const vertices = new Map(order.map((vertex) => [vertex.id, vertex]));
  const needed = ancestors(vertices, [output]);
  const below = new Set<string>([at]);
  for (const { id, inputs } of order) {
    if (id !== at && needed.has(id) && inputs.some((input) => below.has(input))) below.add(id);
  }
  below.delete(at);
  const tail = order.filter(({ id }) => below.has(id));
  const carried = new Set(tail.flatMap(({ inputs }) => inputs).filter((id) => id !== at && !below.has(id)));
  if (tail.length === 0 && output !== at) carried.add(output);
  const head = ancestors(vertices, [at, ...carried]);
  return {
    head: order.filter(({ id }) => head.has(id)).map(({ id }) => id),
    tail: tail.map(({ id }) => id),
    carried: [...carried],
  };
}
