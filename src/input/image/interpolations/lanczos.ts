import type { Interpolation } from "./interpolation.ts";

/** sin(πx) / πx. */
function sinc(x: number): number {
  return x === 0 ? 1 : Math.sin(Math.PI * x) / (Math.PI * x);
}

/** A sinc in the window of a wider one, three lobes on either side (Lanczos; Duchon, 1979). */
export const lanczos: Interpolation<"lanczos"> = {
  name: "lanczos",
  reach: 3,
  weigh: (distance) => distance >= -3 && distance < 3 ? sinc(distance) * sinc(distance / 3) : 0,
};
