import type * as tf from "../base/tfjs.ts";
import type { Keep } from "../../backends/kept_weights.ts";
import type { FusedOperations } from "./fuse.ts";
import type { Operation, RectifierMemory, RectifierRule, Retrace } from "./operation.ts";
import { Part } from "./part.ts";

/** An operation that takes other values of the same kind in the place of its own. */
class Rerouted implements Operation {
  readonly inputs: readonly string[];
  readonly outputs: readonly string[];
  readonly #operation: Operation;

  constructor(operation: Operation, inputs: readonly string[]) {
    this.inputs = inputs;
    this.outputs = operation.outputs;
    this.#operation = operation;
  }

  run(inputs: readonly tf.Tensor[]): tf.Tensor[] {
    return this.#operation.run(inputs);
  }

  runTaped(inputs: readonly tf.Tensor[], rule?: RectifierRule | RectifierMemory): tf.Tensor[] {
    const operation = this.#operation;
    return operation.runTaped ? operation.runTaped(inputs, rule) : operation.run(inputs);
  }

  canRetrace(inputs: readonly tf.Tensor[]): boolean {
    const operation = this.#operation;
    return operation.retrace !== undefined && (operation.canRetrace?.(inputs) ?? true);
  }

  retrace(inputs: readonly tf.Tensor[], output: tf.Tensor): Retrace {
    const back = this.#operation.retrace!(inputs, output);
    return (gradient: tf.Tensor, keep: Keep) => back(gradient, keep);
  }
}

/** What is narrowed for the sake of one part. */
interface Narrowing {
  readonly part: Part;
  /** The operations that need not compute more than that. */
  readonly operations: ReadonlySet<Operation>;
}

/** The values that lie between operations: who gives them, and who takes them. */
class Values {
  readonly #producers = new Map<string, Operation>();
  readonly #users = new Map<string, Operation[]>();
  readonly #fused: FusedOperations;
  readonly #kept: ReadonlySet<string>;

  constructor(fused: FusedOperations, kept: ReadonlySet<string>) {
    this.#fused = fused;
    this.#kept = kept;
    for (const operation of fused.operations) {
      for (const id of operation.outputs) this.#producers.set(id, operation);
      for (const id of new Set(operation.inputs.map((input) => this.originOf(input)))) {
        this.#users.set(id, [...this.#users.get(id) ?? [], operation]);
      }
    }
  }

  originOf(id: string): string {
    return this.#fused.origins.get(id) ?? id;
  }

  isKept(id: string): boolean {
    return this.#kept.has(id);
  }

  /** The operation that gives a value, where only some operations take it. */
  producerFor(id: string, users: ReadonlySet<Operation>): Operation | undefined {
    if (this.#kept.has(id)) return undefined;
    return (this.#users.get(id) ?? []).every((user) => users.has(user)) ? this.#producers.get(id) : undefined;
  }
}

/** The operations whose values only lead to a part, each of whose vectors is computed on its own. */
function findNarrowing(part: Part, values: Values): Narrowing | undefined {
  if (!part.takesVectors || values.isKept(part.outputs[0])) return undefined;
  const users = new Set<Operation>([part]), operations = new Set<Operation>();
  const open = [values.originOf(part.inputs[0])];
  while (open.length > 0) {
    const producer = values.producerFor(open.pop()!, users);
    if (!producer?.isOfVectors || operations.has(producer)) continue;
    users.add(producer);
    operations.add(producer);
    open.push(...producer.inputs.map((id) => values.originOf(id)));
  }
  return [...operations].some(({ isWeighted }) => isWeighted) ? { part, operations } : undefined;
}

/** The operations with those of a narrowing computed of the part alone. */
function narrowFor(
  { operations, origins }: FusedOperations,
  { part, operations: narrowed }: Narrowing,
  values: Values,
): FusedOperations {
  const given = new Set([...narrowed].flatMap(({ outputs }) => outputs));
  const known = new Set<string>();
  const list = operations.flatMap((operation): Operation[] => {
    if (operation === part) return [];
    if (!narrowed.has(operation)) return [operation];
    const parts: Part[] = [];
    const inputs = operation.inputs.map((input) => {
      const id = values.originOf(input);
      if (given.has(id)) return id;
      const own = `${id}@${part.outputs[0]}`;
      if (!known.has(own)) parts.push(part.of(id, own));
      known.add(own);
      return own;
    });
    return [...parts, new Rerouted(operation, inputs)];
  });
  const [output] = part.outputs, origin = values.originOf(part.inputs[0]);
  const others = [...origins].map(([id, one]) => [id, one === output ? origin : one] as const);
  return { operations: list, origins: new Map([...others, [output, origin]]) };
}

/**
 * Compute no more than what is taken: where a classifier looks at one token alone, what leads to it from the last mixing of
 * tokens on is computed of that token.
 *
 * @param wanted Ids of values that must come out as they are.
 */
export function narrow(fused: FusedOperations, wanted: Iterable<string>): FusedOperations {
  const kept = new Set(wanted);
  let result = fused;
  for (const operation of fused.operations) {
    if (!(operation instanceof Part)) continue;
    const values = new Values(result, kept), narrowing = findNarrowing(operation, values);
    if (narrowing) result = narrowFor(result, narrowing, values);
  }
  return result;
}
