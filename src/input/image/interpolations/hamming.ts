import type { Interpolation } from "./interpolation.ts";

/** A sinc in a Hamming window: as fast as bilinear, and sharper when shrinking. */
export const hamming: Interpolation<"hamming"> = {
  name: "hamming",
  reach: 1,
  weigh(distance) {
    const x = Math.abs(distance);
    if (x === 0) return 1;
    if (x >= 1) return 0;
    return Math.sin(Math.PI * x) / (Math.PI * x) * (0.54 + 0.46 * Math.cos(Math.PI * x));
  },
};
