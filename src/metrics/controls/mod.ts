/**
 * The registry of controls: maps that know nothing of the model. A new one is one file beside this one and one line in
 * {@linkcode controls}.
 *
 * @module
 */
import { findNamed } from "../../base/find_named.ts";
import { centreControl } from "./centre.ts";
import type { NamedControl } from "./control.ts";
import { edgesControl } from "./edges.ts";
import { randomControl } from "./random.ts";

/** The name of a control. */
export type ControlName = "random" | "centre" | "edges";

/** A map that knows nothing of the model. */
export type Control = NamedControl<ControlName>;

/** All controls. */
export const controls: readonly Control[] = Object.freeze([randomControl, centreControl, edgesControl]);

/**
 * The control of a name.
 *
 * @throws {RangeError} If there is none.
 */
export function findControl(name: string): Control {
  return findNamed(controls, name, "control");
}
