import { Identity } from "./identity.ts";
import { type JoinMode, type Operation, outputOf } from "./operation.ts";

/** How a list of operations will be used. */
export interface FuseOptions {
  /** Ids of values that must come out, and so cannot vanish inside a joined operation. */
  readonly wanted: Iterable<string>;
  /** What it is for. */
  readonly mode: JoinMode;
}

/** Operations that were joined where one kernel can do the work of several. */
export interface FusedOperations {
  /** Each after those whose values it takes. */
  readonly operations: readonly Operation[];
  /** The value that stands for one which an operation would only have handed on, by the latter's id. */
  readonly origins: ReadonlyMap<string, string>;
}

/** The value that stands for another, or the same where none does. */
export function originOf(id: string, origins: FusedOperations["origins"]): string {
  return origins.get(id) ?? id;
}

/** The values that are only handed on by operations which do nothing in inference. */
function findOrigins(operations: readonly Operation[], wanted: ReadonlySet<string>): Map<string, string> {
  const origins = new Map<string, string>();
  for (const operation of operations) {
    if (!(operation instanceof Identity) || wanted.has(outputOf(operation))) continue;
    const [input] = operation.inputs;
    origins.set(outputOf(operation), originOf(input, origins));
  }
  return origins;
}

/** An operation joined with one of those before it, the last that it names first; none where none joins. */
function joinAny(
  candidates: readonly (Operation | undefined)[],
  operation: Operation,
  mode: JoinMode,
): { readonly before?: Operation; readonly joined?: Operation } {
  for (const [at, before] of [...candidates.entries()].toReversed()) {
    const joined = before?.join?.(operation, mode, at);
    if (joined) return { before: before!, joined };
  }
  return {};
}

/**
 * Join operations that one kernel can do: a convolution or a dense layer with the batch norm and the activation that
 * follow and with a sum that it is part of, a padding with its convolution; and leave out those that do nothing in inference.
 *
 * @param operations Each after those whose values it takes.
 */
export function fuse(operations: readonly Operation[], { wanted, mode }: FuseOptions): FusedOperations {
  const kept = new Set(wanted);
  const origins = findOrigins(operations, kept);
  const origin = (id: string) => originOf(id, origins);
  const remaining = operations.filter(({ outputs }) => !origins.has(outputs[0]!));
  const uses = new Map<string, number>();
  for (const id of remaining.flatMap(({ inputs }) => inputs.map(origin))) {
    uses.set(id, (uses.get(id) ?? 0) + 1);
  }
  const fused = new Set<Operation>();
  const waiting = new Map<string, Operation>(); // those whose value one other operation takes, by that value
  for (const operation of remaining) {
    const { before, joined } = joinAny(
      operation.inputs.map((id) => waiting.get(origin(id))),
      operation,
      mode,
    );
    if (before) fused.delete(before);
    const current = joined ?? operation;
    fused.add(current);
    const output = outputOf(current);
    if (current.outputs.length === 1 && uses.get(output) === 1 && !kept.has(output)) {
      waiting.set(output, current);
    }
  }
  return { operations: [...fused], origins };
}
