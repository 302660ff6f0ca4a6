/**
 * The registry of ways to make pixels of pixels. A new one is one file beside this one and one line in
 * {@linkcode interpolations}.
 *
 * @module
 */
import { findNamed } from "../../../base/find_named.ts";
import { bicubic } from "./bicubic.ts";
import { bilinear } from "./bilinear.ts";
import { box } from "./box.ts";
import { hamming } from "./hamming.ts";
import type { Interpolation } from "./interpolation.ts";
import { lanczos } from "./lanczos.ts";
import { nearest } from "./nearest.ts";

/** The name of a way to make pixels of pixels; all but `"nearest"` are antialiased when shrinking. */
export type InterpolationName = "nearest" | "box" | "bilinear" | "hamming" | "bicubic" | "lanczos";

/** All ways, the default first. */
export const interpolations: readonly Interpolation<InterpolationName>[] = Object.freeze([
  bicubic,
  bilinear,
  lanczos,
  hamming,
  box,
  nearest,
]);

/**
 * The way of a name.
 *
 * @throws {RangeError} If there is none.
 */
export function findInterpolation(name: string): Interpolation<InterpolationName> {
  return findNamed(interpolations, name, "interpolation");
}
