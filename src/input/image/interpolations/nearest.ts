import type { Interpolation } from "./interpolation.ts";

/** The one pixel in which the middle of the new one lies. */
export const nearest: Interpolation<"nearest"> = {
  name: "nearest",
  reach: 0.5,
  isPicking: true,
  weigh: () => 1,
};
