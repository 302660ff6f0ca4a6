/**
 * What Python's marshal format can hold, as far as the functions of Lambda layers need it.
 *
 * @module
 */

/**
 * Bytes that are no code as Python writes it, or code of a kind that is not followed; the message completes "the code
 * …".
 */
export class MarshalError extends Error {
  override name = "MarshalError";
}

/** Python's `...`. */
export const ellipsis: unique symbol = Symbol("...");

/** A slice that is a constant, as Python 3.14 writes it. */
export class PythonSlice {
  /** Its three parts, `null` where one is left out. */
  constructor(readonly start: PythonConstant, readonly stop: PythonConstant, readonly step: PythonConstant) {}
}

/** What is read: lists and tuples are arrays. */
export type PythonConstant =
  | null
  | boolean
  | number
  | string
  | typeof ellipsis
  | Uint8Array
  | PythonCode
  | PythonSlice
  | readonly PythonConstant[];

/** The code of a Python function. */
export interface PythonCode {
  /** The function's name; `<lambda>` if it has none. */
  readonly name: string;
  /** How many parameters it has that can be given by place. */
  readonly parameters: number;
  /** What it is written in, as bytes. */
  readonly instructions: Uint8Array;
  readonly constants: readonly PythonConstant[];
  /** Names of globals and attributes. */
  readonly names: readonly string[];
  /** Names of local variables, the parameters first; from Python 3.11 on those from around it after them. */
  readonly locals: readonly string[];
  /** Names of variables of the functions around it. */
  readonly free: readonly string[];
  /** The layout in which it was read. */
  readonly layout: string;
}
