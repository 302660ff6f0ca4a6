import type * as tf from "../base/tfjs.ts";
import { type FusedOperations, originOf } from "../operations/fuse.ts";
import type { Operation, RectifierKind } from "../operations/operation.ts";
import { executeNodes } from "./graph_nodes.ts";

/** What a call takes and gives. */
export interface NodeCallParts {
  /** The values to feed, from which all outputs can be computed. */
  readonly inputs: readonly string[];
  /** The values to read. */
  readonly outputs: readonly string[];
  /** Under which names the graph has some of the values to feed. */
  readonly aliases: ReadonlyMap<string, string>;
  /** The value that is only given another shape, if so. */
  readonly passesOn?: string | undefined;
  /** Whether it takes weights that were trained. */
  readonly isWeighted?: boolean;
  /** Whether a rectifier is in it, whose rule cannot be exchanged. */
  readonly hasRectifier?: boolean;
}

/** Nodes of a converted graph that TensorFlow.js executes at once: fed what lies before them. */
export class NodeCall implements Operation {
  readonly inputs: readonly string[];
  readonly outputs: readonly string[];
  readonly passesOn: string | undefined;
  readonly isWeighted: boolean;
  readonly rectifier: RectifierKind | undefined;
  readonly #model: tf.GraphModel;
  readonly #aliases: ReadonlyMap<string, string>;

  /** @param model The model that the nodes are of. */
  constructor(model: tf.GraphModel, parts: NodeCallParts) {
    const { inputs, outputs, aliases, passesOn, isWeighted = false, hasRectifier } = parts;
    this.#model = model;
    this.#aliases = aliases;
    this.inputs = inputs;
    this.outputs = outputs;
    this.passesOn = passesOn;
    this.isWeighted = isWeighted;
    this.rectifier = hasRectifier ? "kept" : undefined;
  }

  run(inputs: readonly tf.Tensor[]): tf.Tensor[] {
    const feed = Object.fromEntries(
      this.inputs.map((id, index) => [this.#aliases.get(id) ?? id, inputs[index]!]),
    );
    const tensors = executeNodes(this.#model, feed, this.outputs);
    return tensors.map((tensor, at) => {
      // A constant that only waits for another node is one of the model's weights.
      const isShared = tensor.kept || inputs.includes(tensor) || tensors.indexOf(tensor) !== at;
      return isShared ? tensor.clone() : tensor;
    });
  }

  /** This and the calls that follow as one, which gives what is needed after them. */
  with(others: readonly NodeCall[], needed: ReadonlySet<string>): NodeCall {
    const calls = [this, ...others];
    const given = new Set(calls.flatMap(({ outputs }) => outputs));
    const inputs = new Set(calls.flatMap(({ inputs }) => inputs).filter((id) => !given.has(id)));
    return new NodeCall(this.#model, {
      inputs: [...inputs],
      outputs: [...given].filter((id) => needed.has(id)),
      aliases: this.#aliases,
      hasRectifier: calls.some(({ rectifier }) => rectifier !== undefined),
    });
  }
}

/** Bring calls that stand in a row together, since each takes TensorFlow.js a while to begin. */
export function groupNodeCalls(
  { operations, origins }: FusedOperations,
  wanted: readonly string[],
): FusedOperations {
  const grouped: Operation[] = [];
  const needed = new Set(wanted.map((id) => originOf(id, origins)));
  let calls: NodeCall[] = [];
  const flush = () => {
    const [first, ...others] = calls;
    if (first) grouped.unshift(others.length === 0 ? first : first.with(others, needed));
    for (const id of calls.flatMap(({ inputs }) => inputs)) needed.add(originOf(id, origins));
    calls = [];
  };
  for (const operation of operations.toReversed()) { // from the end, where it is known what is still needed
    if (operation instanceof NodeCall) {
      calls.unshift(operation);
      continue;
    }
    flush();
    grouped.unshift(operation);
    for (const id of operation.inputs) needed.add(originOf(id, origins));
  }
  flush();
  return { operations: grouped, origins };
}
