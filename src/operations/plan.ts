import * as tf from "../base/tfjs.ts";
import { compute } from "../../backends/cannot_compute.ts";
import { type FusedOperations, originOf } from "./fuse.ts";
import { operationName } from "./operation.ts";
import { inOneGo, type Values } from "./run.ts";

/** After which operation each value is no longer needed. */
function findLastUses({ operations, origins }: FusedOperations): Map<string, number> {
  const last = new Map<string, number>();
  operations.forEach(({ inputs, outputs }, index) => {
    for (const id of [...outputs, ...inputs.map((id) => originOf(id, origins))]) last.set(id, index);
  });
  return last;
}

/** The ids whose values can be disposed after each operation. */
function planDisposal(fused: FusedOperations, kept: ReadonlySet<string>): string[][] {
  const disposed: string[][] = fused.operations.map(() => []);
  for (const [id, index] of findLastUses(fused)) if (!kept.has(id)) disposed[index]!.push(id);
  return disposed;
}

/** Operations that are ready to be run without a tape. */
export interface Plan {
  /**
   * Run them at once.
   *
   * @param values The given values, which stay the caller's.
   * @param observe Shown each value when it is made.
   * @returns The values wanted, which become the caller's.
   */
  run(values: Values, observe?: (id: string, value: tf.Tensor) => void): tf.Tensor[];
  /**
   * Run them, and let others have a turn in between.
   *
   * @param values As above.
   * @param pause Awaited after each operation; what it throws ends the run.
   */
  runInTurns(values: Values, pause: () => Promise<void>): Promise<tf.Tensor[]>;
}

/** A value of a run, and whether the run made it. */
class Known {
  readonly #values: Map<string, tf.Tensor>;
  readonly #given: Values;

  constructor(given: Values) {
    this.#given = given;
    this.#values = new Map(given);
  }

  get(id: string): tf.Tensor {
    return this.#values.get(id)!;
  }

  set(id: string, value: tf.Tensor): void {
    this.#values.set(id, value);
  }

  isGiven(id: string): boolean {
    return this.#given.has(id);
  }

  dispose(id: string): void {
    if (this.isGiven(id)) return;
    this.#values.get(id)?.dispose();
    this.#values.delete(id);
  }

  disposeAll(): void {
    for (const id of [...this.#values.keys()]) this.dispose(id);
  }
}

/**
 * Prepare to run operations without a tape: each value is disposed after its last use, so that no more is held than
 * what is still to be used.
 *
 * @param fused The operations.
 * @param given Ids of the values that will be given.
 * @param wanted Ids of the values to return.
 */
export function plan(fused: FusedOperations, given: readonly string[], wanted: readonly string[]): Plan {
  const { operations, origins } = fused;
  const origin = (id: string) => originOf(id, origins);
  const disposed = planDisposal(fused, new Set([...given, ...wanted.map(origin)]));

  /** Stops after each operation; whoever goes on with it to the end has the values wanted. */
  function* execute(values: Values, observe?: Parameters<Plan["run"]>[1]): Generator<void, tf.Tensor[]> {
    const known = new Known(values);
    let isDone = false;
    try {
      for (const [index, operation] of operations.entries()) {
        const inputs = operation.inputs.map((id) => known.get(origin(id)));
        const results = compute({
          name: operationName(operation),
          of: operation,
          run: () => tf.tidy(() => operation.run(inputs)),
        });
        operation.outputs.forEach((id, at) => known.set(id, results[at]!));
        if (observe) operation.outputs.forEach((id, at) => observe(id, results[at]!));
        for (const id of disposed[index]!) known.dispose(id);
        yield;
      }
      isDone = true;
      return wanted.map((id, at) => {
        const value = known.get(origin(id));
        const isShared = known.isGiven(origin(id)) || wanted.indexOf(id) !== at;
        return isShared ? value.clone() : value;
      });
    } finally {
      if (!isDone) known.disposeAll();
    }
  }

  return {
    run: (values, observe) => tf.tidy(() => inOneGo(execute(values, observe))),
    async runInTurns(values, pause) {
      const execution = execute(values);
      try {
        let step = execution.next();
        while (!step.done) {
          await pause();
          step = execution.next();
        }
        return step.value;
      } finally {
        execution.return([]);
      }
    },
  };
}
