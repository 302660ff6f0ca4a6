import type * as tf from "../base/tfjs.ts";
import { Activation } from "../operations/activation.ts";
import { fuse, type FusedOperations } from "../operations/fuse.ts";
import { MeanPool } from "../operations/mean_pool.ts";
import { narrow } from "../operations/narrow.ts";
import type { JoinMode, Operation } from "../operations/operation.ts";
import { type Plan, plan } from "../operations/plan.ts";
import { asChain, type Chain, runTapedInSteps, type TapedRun } from "../operations/run.ts";
import { type Walk, walk, type WalkOptions } from "../operations/walk.ts";
import { type Cut, cutAt, type Vertex } from "./cut.ts";
import type { FinalActivation } from "./model.ts";

/** What a model computes, between values with ids. */
export interface OperationGraph {
  /** Each after those whose values it takes. */
  readonly operations: readonly Operation[];
  /** Ids of the model's inputs, in its order. */
  readonly inputs: readonly string[];
  /** Bring operations that are run by another engine together, so that it is called less often. */
  group?(fused: FusedOperations, wanted: readonly string[]): FusedOperations;
}

/** A model's operations cut in two at a value. */
export interface CutOperations {
  /** From the inputs to the value at the cut and what skips past it; all become the caller's. */
  readonly head: Plan;
  /** From these, in the same order, to the end, under the tape or within a tidy, stopping after each operation. */
  tail(values: readonly tf.Tensor[], how?: Omit<TapedRun, "end">): Generator<void, tf.Tensor>;
  /** Likewise such that the way can be gone back. */
  walk(values: readonly tf.Tensor[], how: WalkOptions): Promise<Walk>;
  /** Likewise without a way back, as fast as can be. */
  readonly rerun: Plan;
  /** The tail as a chain that can go back without the tape, where it is one. */
  readonly chain: Chain | undefined;
  /** Ids of the value at the cut and of what skips past it. */
  readonly passed: readonly string[];
  /** Whether the end depends on the value at the cut, or is it. */
  readonly connected: boolean;
}

/** The softmax or sigmoid that ends a model at an output, and the id of the logits before it. */
export interface Final {
  readonly activation: FinalActivation;
  readonly logits: string;
}

function isFinalActivation(name: string): name is FinalActivation {
  return name === "softmax" || name === "sigmoid";
}

/** Find the softmax or sigmoid that ends a model at an output, if there is one. */
export function findFinal(operations: readonly Operation[], output: string): Final | undefined {
  const producers = new Map(
    operations.flatMap((operation) => operation.outputs.map((id) => [id, operation])),
  );
  let operation = producers.get(output);
  while (operation?.passesOn !== undefined) operation = producers.get(operation.passesOn);
  if (!(operation instanceof Activation) || !isFinalActivation(operation.activation.name)) return undefined;
  return { activation: operation.activation.name, logits: operation.inputs[0] };
}

/** Whether a value is a sum, a product or a mean, to which no activation of any kind was applied last. */
export function endsLinearly(operations: readonly Operation[], output: string): boolean {
  const producers = new Map(
    operations.flatMap((operation) => operation.outputs.map((id) => [id, operation])),
  );
  let operation = producers.get(output);
  while (operation) {
    const before = operation.passesOn ?? (operation instanceof MeanPool ? operation.inputs[0] : undefined);
    if (before === undefined) return !operation.bends;
    operation = producers.get(before);
  }
  return true;
}

function verticesOf({ operations, inputs }: OperationGraph): Vertex[] {
  return [
    ...inputs.map((id) => ({ id, inputs: [] })),
    ...operations.flatMap((operation) => operation.outputs.map((id) => ({ id, inputs: operation.inputs }))),
  ];
}

/** The operations that give some values. */
function select({ operations }: OperationGraph, ids: readonly string[]): Operation[] {
  const needed = new Set(ids);
  return operations.filter(({ outputs }) => outputs.some((id) => needed.has(id)));
}

/** The ids of all that a value is computed from, and its own. */
export function upstreamOf(graph: OperationGraph, id: string): ReadonlySet<string> {
  return new Set(cutAt(verticesOf(graph), id, id).head);
}

/** Whether a value depends on an input. */
export function dependsOn(graph: OperationGraph, id: string, input: string): boolean {
  return upstreamOf(graph, id).has(input);
}

/** Join what can be joined. */
function join(
  graph: OperationGraph,
  operations: Operation[],
  wanted: readonly string[],
  mode: JoinMode,
): FusedOperations {
  const joined = fuse(operations, { wanted, mode });
  const fused = mode === "taped" ? joined : narrow(joined, wanted);
  return graph.group?.(fused, wanted) ?? fused;
}

/** Prepare to run a model from its inputs to one of its values. */
export function planTo(graph: OperationGraph, id: string): Plan {
  const operations = select(graph, cutAt(verticesOf(graph), id, id).head);
  return plan(join(graph, operations, [id], "fast"), graph.inputs, [id]);
}

/** The tail as a chain that can go back without the tape, where it is one. */
function findChain(tail: readonly Operation[], cut: Cut, at: string, end: string): Chain | undefined {
  if (tail.length === 0 || cut.carried.length > 0) return undefined;
  return asChain(fuse(tail, { wanted: [end], mode: "fast" }), at, end);
}

/**
 * Cut a model's operations in two.
 *
 * @param at The id of the value to cut at.
 * @param end The id of the value that the tail ends with.
 */
export function cutOperations(graph: OperationGraph, at: string, end: string): CutOperations {
  const cut = cutAt(verticesOf(graph), at, end);
  const passed = [at, ...cut.carried];
  const tail = select(graph, cut.tail);
  const chain = findChain(tail, cut, at, end);
  const head = join(graph, select(graph, cut.head), passed, chain ? "fast" : "exact");
  const taped = join(graph, tail, [end], "taped");
  let rerun: Plan | undefined;
  const walked = new Map<JoinMode, FusedOperations>();
  return {
    head: plan(head, graph.inputs, passed),
    *tail(values, how) {
      const known = new Map(passed.map((id, index) => [id, values[index]!]));
      const result = yield* runTapedInSteps(taped, known, { end, ...how });
      return values.includes(result) ? result.clone() : result;
    },
    walk(values, { pause, fast = false }) {
      const mode = fast ? "fast" : "exact";
      const joined = walked.get(mode) ?? join(graph, tail, [end], mode);
      walked.set(mode, joined);
      const known = new Map(passed.map((id, index) => [id, values[index]!]));
      return walk(joined, { start: at, end, values: known, pause });
    },
    get rerun() { // planned once it is needed
      return rerun ??= plan(join(graph, tail, [end], "fast"), passed, [end]);
    },
    passed,
    chain,
    connected: cut.tail.length > 0 || at === end,
  };
}
