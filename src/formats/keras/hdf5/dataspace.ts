import type { Cursor } from "./cursor.ts";
import { Damage } from "./errors.ts";

/** How many elements there are along each axis. */
export interface Dataspace {
  /** `undefined` where there is nothing at all; empty for a single element. */
  readonly shape: readonly number[] | undefined;
  /** How far it can grow, along each axis: `Infinity` where it knows no bound. */
  readonly maxShape: readonly number[];
  readonly count: number;
}

/** The most axes. */
const maxRank = 32;

/** What version 2 calls the dataspace that has nothing in it. */
const none = 2;

/** @param cursor The message's content. */
export function readDataspace(cursor: Cursor): Dataspace {
  const version = cursor.uint(1);
  if (version !== 1 && version !== 2) throw new Damage("a dataspace is of a version that is not known");
  const rank = cursor.uint(1);
  const flags = cursor.uint(1);
  const kind = cursor.uint(1);
  if (version === 1) cursor.skip(4);
  if (rank > maxRank) throw new Damage("a dataspace has too many axes");
  if (version === 2 && kind === none) return { shape: undefined, maxShape: [], count: 0 };
  const shape = Array.from({ length: rank }, () => cursor.length());
  const maxShape = flags & 1 ? shape.map(() => cursor.optional(cursor.sizes.length) ?? Infinity) : shape;
  return { shape, maxShape, count: shape.reduce((product, size) => product * size, 1) };
}
