import type { Attributes } from "../attributes.ts";
import type { NumberArray } from "./array.ts";

/** A node that takes constants alone. */
export interface FoldRequest {
  /** What it takes, in order; `undefined` for what is left out. */
  readonly arrays: readonly (NumberArray | undefined)[];
  readonly attributes: Attributes;
  /** The version of the operators that it is written for. */
  readonly opset: number;
  /** How many values it gives. */
  readonly outputs: number;
}

/** Computes what a node gives; what it throws says why it cannot. */
export type Folder = (request: FoldRequest) => NumberArray[];

/** Folders by the operators that they are for. */
export type Folders = Readonly<Record<string, Folder>>;
