/**
 * The registry of CAM methods. The command line tool's help, the server and the conformance tests read it;
 * a new method is one file beside this one and one line in {@linkcode methods}.
 *
 * @module
 */
import { nearest } from "../base/nearest.ts";
import { quote } from "../base/quote.ts";
import { gradcamMethod } from "./gradcam.ts";
import type { NamedMethod } from "./method.ts";

/** The name of a method. */
export type MethodName = "gradcam";

/** A way to turn a layer's activation and the gradient of a class's score into a map. */
export type CamMethod = NamedMethod<MethodName>;

/** All methods, the default first. */
export const methods: readonly CamMethod[] = Object.freeze([gradcamMethod]);

/**
 * The method of a name.
 *
 * @param name As in `CamMethod.name`.
 * @throws {RangeError} If there is none.
 */
export function findMethod(name: string): CamMethod {
  const method = methods.find((candidate) => candidate.name === name);
  if (method) return method;
  const names = methods.map((candidate) => candidate.name);
  throw new RangeError(
    `Unknown method ${quote(name)}: use one of ${nearest(name, names, names.length).join(", ")}`,
  );
}
