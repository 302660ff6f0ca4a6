/**
 * The registry of targets: what can be explained. A new one is one file beside this one and one line in
 * {@linkcode targets}.
 *
 * @module
 */
import { findNamed } from "../base/find_named.ts";
import { classTarget } from "./class.ts";
import { differenceTarget } from "./difference.ts";
import { finerTarget } from "./finer.ts";
import { givenTarget } from "./given.ts";
import { lowerTarget } from "./lower.ts";
import { similarityTarget } from "./similarity.ts";
import { sumTarget } from "./sum.ts";
import type { NamedTarget } from "./target.ts";

/** The name of a kind of target. */
export type TargetName = "class" | "difference" | "finer" | "sum" | "lower" | "similarity" | "function";

/** A kind of target. */
export type TargetKind = NamedTarget<TargetName>;

/** All kinds, the default first. */
export const targets: readonly TargetKind[] = Object.freeze([
  classTarget,
  differenceTarget,
  finerTarget,
  sumTarget,
  lowerTarget,
  similarityTarget,
  givenTarget,
]);

/**
 * The kind of target of a name.
 *
 * @throws {RangeError} If there is none.
 */
export function findTarget(name: string): TargetKind {
  return findNamed(targets, name, "target");
}
