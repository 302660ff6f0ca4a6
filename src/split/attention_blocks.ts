import { Activation } from "../operations/activation.ts";
import { Identity } from "../operations/identity.ts";
import { Normalization } from "../operations/normalization.ts";
import type { Operation } from "../operations/operation.ts";
import { Sum } from "../operations/sum.ts";

/** A block of a transformer, as far as its attention goes. */
export interface AttentionBlock {
  /** The id of the attention's weights, what a softmax gives, `[1, heads, t, t]` or `[heads, t, t]`. */
  readonly weights: string;
  /** The id of the value that goes into the block: the input of its first norm, and what its attention is added to. */
  readonly input: string;
  /** The id of what its first norm makes of that, where it is known to be a norm. */
  readonly normed?: string | undefined;
  /** The id of the value that it gives: what its last sum is. */
  readonly output: string;
}

/** The way values take through operations. */
class Ways {
  readonly #operations: readonly Operation[];
  readonly #producers = new Map<string, number>();
  readonly #users = new Map<string, number[]>();

  constructor(operations: readonly Operation[]) {
    this.#operations = operations;
    operations.forEach(({ inputs, outputs }, at) => {
      for (const id of outputs) this.#producers.set(id, at);
      for (const id of new Set(inputs)) {
        const users = this.#users.get(id) ?? [];
        users.push(at);
        this.#users.set(id, users);
      }
    });
  }

  /** The value that is only handed on, or the same. */
  originOf(id: string): string {
    let origin = id;
    for (;;) {
      const producer = this.#operations[this.#producers.get(origin) ?? -1];
      if (!(producer instanceof Identity)) return origin;
      origin = producer.inputs[0];
    }
  }

  /** Those that take a value, handed on or not, in their order. */
  usersOf(id: string): Operation[] {
    const found = (this.#users.get(id) ?? []).map((at) => this.#operations[at]!);
    return found.flatMap((one) => one instanceof Identity ? this.usersOf(one.outputs[0]) : [one]);
  }

  /** All values that one is computed from. */
  before(id: string): Set<string> {
    const found = new Set<string>();
    const open = [id];
    while (open.length > 0) {
      const producer = this.#operations[this.#producers.get(open.pop()!) ?? -1];
      for (const input of producer?.inputs ?? []) {
        if (!found.has(input)) open.push(input);
        found.add(input);
      }
    }
    return found;
  }

  /** The operations that depend on a value, in their order, up to the first that is asked for. */
  firstAfter(
    id: string,
    isWanted: (operation: Operation, below: ReadonlySet<string>) => boolean,
  ): Operation | undefined {
    const below = new Set([id]);
    for (const operation of this.#operations.slice((this.#producers.get(id) ?? -1) + 1)) {
      if (!operation.inputs.some((input) => below.has(input))) continue;
      if (isWanted(operation, below)) return operation;
      for (const output of operation.outputs) below.add(output);
    }
    return undefined;
  }
}

/** A sum that something is added in to what that was computed from, and the latter's id. */
interface Joint {
  readonly sum: Sum;
  readonly input: string;
}

/** Where what is computed of a value is added to something that the value itself was computed from. */
function jointAfter(weights: string, ways: Ways): Joint | undefined {
  const before = ways.before(weights);
  const skipping = (sum: Sum, below: ReadonlySet<string>) =>
    sum.inputs.find((id) => !below.has(id) && (before.has(id) || before.has(ways.originOf(id))));
  let joint: Joint | undefined;
  ways.firstAfter(weights, (operation, below) => {
    if (!(operation instanceof Sum)) return false;
    const input = skipping(operation, below);
    if (input !== undefined) joint = { sum: operation, input: ways.originOf(input) };
    return joint !== undefined;
  });
  return joint;
}

/** What a norm makes of a value on the way to some weights. */
function normOf(id: string, weights: string, ways: Ways): string | undefined {
  const before = ways.before(weights);
  const norm = ways.usersOf(id).find((user) => user instanceof Normalization && before.has(user.outputs[0]));
  return norm?.outputs[0];
}

/** Where a block ends that begins with a sum: at the last sum of those that are added to it one after the other. */
function endOfBlock(id: string, others: ReadonlySet<string>, ways: Ways): string {
  let end = id;
  while (!others.has(end)) {
    const sum = ways.usersOf(end).find((user) => user instanceof Sum);
    if (!sum) return end;
    end = sum.outputs[0]!;
  }
  return end;
}

/**
 * The blocks of a model in which what a softmax weighs is added to what it was computed from, as the attention of
 * transformers is, in their order.
 *
 * @param operations What the model computes.
 */
export function findAttentionBlocks(operations: readonly Operation[]): AttentionBlock[] {
  const ways = new Ways(operations);
  const joints = operations.flatMap((operation) => {
    if (!(operation instanceof Activation) || operation.activation.name !== "softmax") return [];
    const weights = operation.outputs[0];
    const joint = jointAfter(weights, ways);
    return joint ? [{ weights, ...joint }] : [];
  });
  const inputs = new Set(joints.map(({ input }) => input));
  return joints.map(({ weights, input, sum }) => ({
    weights,
    input,
    normed: normOf(input, weights, ways),
    output: endOfBlock(sum.outputs[0]!, inputs, ways),
  }));
}
