import { shown } from "../../base/options.ts";
import type { InterpolationName } from "../../input/image/interpolations/mod.ts";

/** Interpolations by Pillow's numbers. */
const codes: readonly InterpolationName[] = ["nearest", "lanczos", "bilinear", "bicubic", "box", "hamming"];

/**
 * The interpolation of one of Pillow's numbers, or of its name.
 *
 * @throws {RangeError} If there is none.
 */
export function interpolationOfCode(code: unknown): InterpolationName {
  const found = typeof code === "number" ? codes[code] : codes.find((name) => name === code);
  if (found) return found;
  throw new RangeError(`resample ${shown(code)} is none of Pillow's numbers, 0 to 5`);
}
