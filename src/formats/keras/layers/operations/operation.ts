import type * as tf from "../../../../base/tfjs.ts";

/** What an operation gives. */
export type Result = tf.Tensor | readonly tf.Tensor[];

/** An operation that a functional model recorded. */
export interface Operation {
  /** Its parameters in order, other spellings of each after a bar: `"x1|x"`; `"axis?"` where `null` says something. */
  readonly takes: readonly string[];
  /** Compute it from as many arguments; what was not given is `undefined`. */
  compute(...values: unknown[]): Result;
}

/** Operations by name: Keras 3's by their class, Keras 2's by TensorFlow's function. */
export type Operations = Readonly<Record<string, Operation>>;

/**
 * Define an operation.
 *
 * @param takes The names of its parameters, as in `"x1|x, x2|y"`; what calls mean by another name stands after a bar.
 */
export function operation<Values extends unknown[]>(
  takes: string,
  compute: (...values: Values) => Result,
): Operation {
  return { takes: takes.split(", "), compute: compute as (...values: unknown[]) => Result };
}

/** Arguments as a call has them. */
export interface CallArguments {
  /** By place. */
  readonly operands: readonly unknown[];
  /** By name. */
  readonly named: Readonly<Record<string, unknown>>;
}

/** The values of an operation's parameters in a call: first by place, the rest by name. */
export function bind({ takes }: Operation, { operands, named }: CallArguments): unknown[] {
  return takes.map((parameter, place) => {
    if (place < operands.length) return operands[place] ?? undefined;
    const names = parameter.replace("?", "").split("|");
    const given = names.map((name) => named[name]);
    if (parameter.endsWith("?") && given.includes(null)) return null;
    return given.find((value) => value !== undefined && value !== null);
  });
}
