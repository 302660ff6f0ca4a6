import type { ElementType, Numbers } from "./element_type.ts";

/** Logical axes in the order in which they are stored, such as `[0, 2, 3, 1]` for channels that are stored last. */
export type Axes = readonly number[];

/** A value that does not depend on the model's inputs. */
export interface Constant {
  readonly kind: "constant";
  readonly type: ElementType;
  readonly shape: readonly number[];
  /** Its numbers in the order of its shape; they may be shared, and are not to be changed. */
  read(): Numbers;
  /**
   * Write some of its numbers, from a place on, into an array of its kind. It is there where that spares having all of them
   * in memory.
   */
  readonly readPart?: PartReader | undefined;
  /** Let go of numbers that are computed anew when they are read again; it is there where they would take much room. */
  readonly forget?: (() => void) | undefined;
}

/** Writes numbers, those from a place on, into an array of their kind until it is full. */
export type PartReader = (start: number, target: Numbers) => void;

/** A value that depends on the model's inputs. */
export interface Live {
  readonly kind: "live";
  /** The id of the value of operations. */
  readonly id: string;
  readonly type: ElementType;
  /** Its shape as ONNX has it, of one picture. */
  readonly shape: readonly number[];
  /** How its axes are stored. */
  readonly axes: Axes;
}

/** What a node takes or gives. */
export type Value = Constant | Live;

/** A constant whose numbers are there. */
export function constantOf(type: ElementType, shape: readonly number[], numbers: Numbers): Constant {
  return { kind: "constant", type, shape, read: () => numbers };
}
