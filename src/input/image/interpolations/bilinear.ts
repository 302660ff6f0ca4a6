import type { Interpolation } from "./interpolation.ts";

/** A straight line from each pixel to the next. */
export const bilinear: Interpolation<"bilinear"> = {
  name: "bilinear",
  reach: 1,
  weigh: (distance) => Math.max(1 - Math.abs(distance), 0),
};
