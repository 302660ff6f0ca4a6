import type { Interpolation } from "./interpolation.ts";

/** The mean of the pixels that one covers. */
export const box: Interpolation<"box"> = {
  name: "box",
  reach: 0.5,
  weigh: (distance) => distance > -0.5 && distance <= 0.5 ? 1 : 0,
};
