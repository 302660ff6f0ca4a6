/**
 * The registry of CAM methods. The command line tool's help, the server and the conformance tests read it;
 * a new method is one file beside this one and one line in {@linkcode methods}.
 *
 * @module
 */
import type { Tensor2D, Tensor4D } from "../tensors.ts";
import { nearest } from "../nearest.ts";
import { gradcamMethod } from "./gradcam.ts";

/** A way to turn a layer's activation and the gradient of a class's score into a map. */
export interface CamMethod {
  /** The name in options, such as `"gradcam"`. */
  readonly name: string;
  /** One line for the help text. */
  readonly description: string;
  /**
   * The raw map, before normalisation.
   *
   * @param activation The layer's output, `[1, h, w, k]`.
   * @param gradient ∂ score / ∂ activation, `[1, h, w, k]`.
   * @returns The map, `[h, w]`; the caller disposes it.
   */
  map(activation: Tensor4D, gradient: Tensor4D): Tensor2D;
}

/** All methods, the default first. */
export const methods: readonly CamMethod[] = Object.freeze([gradcamMethod]);

/**
 * The method of a name.
 *
 * @param name As in {@linkcode CamMethod.name}.
 * @throws {RangeError} If there is none.
 */
export function findMethod(name: string): CamMethod {
  const method = methods.find((candidate) => candidate.name === name);
  if (method) return method;
  const names = methods.map((candidate) => candidate.name);
  throw new RangeError(
    `Unknown method "${name}": use one of ${nearest(name, names, names.length).join(", ")}`,
  );
}
