import type { Interpolation } from "./interpolation.ts";

/** The cubic convolution filter with a = −0.5 (Keys, 1981). */
export const bicubic: Interpolation<"bicubic"> = {
  name: "bicubic",
  reach: 2,
  weigh(distance) {
    const a = -0.5;
    const x = Math.abs(distance);
    if (x < 1) return ((a + 2) * x - (a + 3)) * x * x + 1;
    if (x < 2) return (((x - 5) * x + 8) * x - 4) * a;
    return 0;
  },
};
