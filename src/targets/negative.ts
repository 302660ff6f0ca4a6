import type { Target } from "./target.ts";

/**
 * The negative of a target: its map shows what keeps the target's value low.
 *
 * @param target The target.
 * @param name What it is called.
 */
export function negativeTarget(target: Target, name: string): Target {
  return { ...target, title: `against ${name}`, value: (scores) => target.value(scores).neg() };
}
